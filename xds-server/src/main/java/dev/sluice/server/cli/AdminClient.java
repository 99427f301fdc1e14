package dev.sluice.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --server}: asks a running server by its admin API. */
final class AdminClient {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 10_000;
  private static final int TOO_MANY_REQUESTS = 429;

  /** A store is given its time, and told of in the server's words where it takes too long. */
  private static final int WRITE_MILLIS = 30_000;

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${SLUICE_SERVER:-http://127.0.0.1:18001}",
      description =
          "The server's admin API (default: $SLUICE_SERVER, else http://127.0.0.1:18001).")
  private String server = "";

  @Mixin private AdminTrust trust = new AdminTrust();

  /**
   * What the server answers at {@code path}.
   *
   * @throws CommandFailure when it cannot be reached or refuses
   */
  JsonNode get(String path) {
    return ask("GET", path, Optional.empty());
  }

  /**
   * Has the server write what {@code body} says.
   *
   * @throws CommandFailure when it cannot be reached or refuses
   */
  JsonNode put(String path, JsonNode body) {
    return ask("PUT", path, Optional.of(body));
  }

  /**
   * What the server answers to {@code body}.
   *
   * @throws CommandFailure when it cannot be reached or refuses
   */
  JsonNode post(String path, JsonNode body) {
    return ask("POST", path, Optional.of(body));
  }

  /**
   * Has the server remove what is at {@code path}.
   *
   * @throws CommandFailure when it cannot be reached or refuses
   */
  JsonNode delete(String path) {
    return ask("DELETE", path, Optional.empty());
  }

  private JsonNode ask(String method, String path, Optional<JsonNode> body) {
    URI address = address(path);
    try {
      if (!(address.toURL().openConnection() instanceof HttpURLConnection http)) {
        throw noUrl();
      }
      trust.apply(http);
      http.setConnectTimeout(CONNECT_MILLIS);
      http.setReadTimeout(method.equals("GET") ? READ_MILLIS : WRITE_MILLIS);
      http.setRequestMethod(method);
      if (body.isPresent()) {
        http.setDoOutput(true);
        http.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = http.getOutputStream()) {
          out.write(body.get().toString().getBytes(StandardCharsets.UTF_8));
        }
      }
      int status = http.getResponseCode();
      try (InputStream answered = status < 400 ? http.getInputStream() : http.getErrorStream()) {
        JsonNode answer = answer(answered == null ? InputStream.nullInputStream() : answered);
        if (status >= 400) {
          throw refused(
              status,
              Printable.text(answer.path("message").asText("the server answers " + status)));
        }
        return answer;
      }
    } catch (SSLException e) {
      throw unreachable(e.getMessage() + "; --ca names who signed the server's certificate");
    } catch (IOException e) {
      throw unreachable(String.valueOf(e.getMessage()));
    }
  }

  /** Who is not let in, or not now, has no answer, so that no pipeline takes it for a no. */
  private static CommandFailure refused(int status, String message) {
    return switch (status) {
      case HttpURLConnection.HTTP_BAD_REQUEST -> new CommandFailure(ExitCode.USAGE, message);
      case HttpURLConnection.HTTP_UNAUTHORIZED,
          HttpURLConnection.HTTP_FORBIDDEN,
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE ->
          CommandFailure.lasting(ExitCode.UNREACHABLE, message);
      case TOO_MANY_REQUESTS -> new CommandFailure(ExitCode.UNREACHABLE, message);
      default ->
          new CommandFailure(
              status >= HttpURLConnection.HTTP_INTERNAL_ERROR ? ExitCode.UNREACHABLE : ExitCode.NO,
              message);
    };
  }

  private URI address(String path) {
    String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    try {
      URI given = new URI(server);
      String scheme = given.getScheme();
      if (given.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
        return new URI(base + path);
      }
    } catch (URISyntaxException _) {
      // Told as every other text that is no URL.
    }
    throw noUrl();
  }

  private CommandFailure noUrl() {
    return new CommandFailure(
        ExitCode.USAGE,
        "--server (or SLUICE_SERVER) \""
            + server
            + "\" is no http URL; write such as http://127.0.0.1:18001");
  }

  /** An object, as all answers of the admin API are. */
  private JsonNode answer(InputStream body) throws IOException {
    try {
      JsonNode answer = new ObjectMapper().readTree(body);
      if (answer.isObject()) {
        return answer;
      }
    } catch (JsonProcessingException _) {
      // Told as every other answer that is not of the admin API.
    }
    throw new CommandFailure(
        ExitCode.UNREACHABLE,
        "what answers at "
            + server
            + " is no Sluice server's admin API. Name its address (serve --admin) with --server or"
            + " SLUICE_SERVER.");
  }

  /** {@code text} as a part of a path, or a value in a query. */
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
