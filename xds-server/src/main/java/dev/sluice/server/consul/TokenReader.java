package dev.sluice.server.consul;

import dev.sluice.server.consul.ConsulAccess.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;

/** Reads the token anew for each request: Vault's agent, say, rewrites the file at any time. */
final class TokenReader {
  private static final Pattern ONE_WORD = Pattern.compile("[!-~]+");

  private final Token token;

  TokenReader(Token token) {
    this.token = token;
  }

  /**
   * The secret; empty for none.
   *
   * @throws IOException when the file cannot be read; the message says what to do
   */
  String secret() throws IOException {
    return switch (token) {
      case Token.None _ -> "";
      case Token.Given given -> given.secret();
      case Token.InFile(var file) -> {
        String secret;
        try {
          secret = Files.readString(file).strip();
        } catch (IOException e) {
          throw new IOException("the token's file %s cannot be read; write it".formatted(file), e);
        }
        // Without a token Consul would hide everything, and not say so.
        if (!ONE_WORD.matcher(secret).matches()) {
          throw new IOException(
              "the token's file %s holds %s; write the token's secret ID alone"
                  .formatted(file, secret.isEmpty() ? "nothing" : "more than a token"));
        }
        yield secret;
      }
    };
  }
}
