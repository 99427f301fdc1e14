package dev.sluice.server.consul;

import dev.sluice.server.consul.ConsulAccess.Token;
import java.io.IOException;
import java.nio.file.Files;

/** Reads the token anew for each request: Vault's agent, say, rewrites the file at any time. */
final class TokenReader {
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
        try {
          yield Files.readString(file).strip();
        } catch (IOException e) {
          throw new IOException("the token's file %s cannot be read; write it".formatted(file), e);
        }
      }
    };
  }
}
