package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** {@code --server}: asks a running server by its admin API. */
final class AdminClient {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 10_000;

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${SLUICE_SERVER:-http://127.0.0.1:18001}",
      description =
          "The server's admin API (default: $SLUICE_SERVER, else http://127.0.0.1:18001).")
  private String server = "";

  /**
   * What the server answers at {@code path}.
   *
   * @throws CommandFailure when it cannot be reached or refuses
   */
  JsonNode get(String path) {
    String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    try {
      if (!(URI.create(base + path).toURL().openConnection() instanceof HttpURLConnection http)) {
        throw unreachable("it is no http URL");
      }
      http.setConnectTimeout(CONNECT_MILLIS);
      http.setReadTimeout(READ_MILLIS);
      int status = http.getResponseCode();
      try (InputStream body = status < 400 ? http.getInputStream() : http.getErrorStream()) {
        JsonNode answer =
            new ObjectMapper().readTree(body == null ? InputStream.nullInputStream() : body);
        if (status >= 400) {
          throw new CommandFailure(
              ExitCode.NO, answer.path("message").asText("the server answers " + status));
        }
        return answer;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unreachable(String.valueOf(e.getMessage()));
    }
  }

  /** {@code text} as a part of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private CommandFailure unreachable(String why) {
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        "cannot reach the server at "
            + server
            + " ("
            + why
            + "). Is it running (sluice serve)? Name another with --server or SLUICE_SERVER.");
  }
}
