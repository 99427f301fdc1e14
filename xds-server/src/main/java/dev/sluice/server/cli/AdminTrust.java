package dev.sluice.server.cli;

import dev.sluice.server.pem.PemTls;
import dev.sluice.server.settings.AdminToken.Secret;
import dev.sluice.server.settings.HostPort;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say who asks a server, and which server is trusted. */
final class AdminTrust {
  private static final String TOKEN = "SLUICE_TOKEN";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:SLUICE_TOKEN_FILE}",
      description =
          "A file that holds the token by which the server knows you (default: $SLUICE_TOKEN_FILE;"
              + " else $SLUICE_TOKEN is the token).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      defaultValue = "${env:SLUICE_CA}",
      description =
          "For https: who may have signed the server's certificate, PEM (default: $SLUICE_CA, else"
              + " whom Java trusts).")
  private @Nullable Path ca;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      defaultValue = "${env:SLUICE_CERT}",
      description = "For https: your own certificate, PEM, where the server wants one.")
  private @Nullable Path cert;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      defaultValue = "${env:SLUICE_KEY}",
      description = "The private key of --cert, PEM.")
  private @Nullable Path key;

  /** Made once, so that a command that asks often uses its connection again. */
  private @Nullable SSLSocketFactory sockets;

  /** Has the connection, which is not made yet, use them. */
  void apply(HttpURLConnection http) {
    http.setInstanceFollowRedirects(false); // A token is for this server alone.
    if ((given(cert) == null) != (given(key) == null)) {
      throw new CommandFailure(ExitCode.USAGE, "--cert and --key are given together");
    }
    try {
      if (http instanceof HttpsURLConnection https) {
        SSLSocketFactory made = sockets;
        if (made == null) {
          made = PemTls.context(given(ca), given(cert), given(key)).getSocketFactory();
          sockets = made;
        }
        https.setSSLSocketFactory(made);
      } else if (given(ca) != null || given(cert) != null) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "--ca and --cert (or SLUICE_CA and SLUICE_CERT) are for https; write the server's URL so");
      }
      Optional<Secret> token = token();
      if (token.isPresent()) {
        refusePlain(http);
        http.setRequestProperty("Authorization", "Bearer " + token.get().read());
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  /** A variable of the environment that is there and empty says nothing. */
  private static @Nullable Path given(@Nullable Path file) {
    return file == null || file.toString().isEmpty() ? null : file;
  }

  private Optional<Secret> token() {
    if (tokenFile != null) {
      return Optional.of(new Secret.InFile(tokenFile));
    }
    return Optional.ofNullable(System.getenv(TOKEN))
        .filter(text -> !text.isEmpty())
        .map(Secret.Given::new);
  }

  private static void refusePlain(HttpURLConnection http) {
    String host = http.getURL().getHost().replaceAll("[\\[\\]]", "");
    boolean plain = !(http instanceof HttpsURLConnection);
    if (plain && !new HostPort(host, 0).isLoopback()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "the token would go to %s in plain text; write https:// in --server".formatted(host));
    }
  }
}
