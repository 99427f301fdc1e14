package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a server that answers with the status that the test wants. */
class AdminClientTest {
  private HttpServer server;
  private volatile int status;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"message\": \"as it is\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Sluice.Answer run(String... args) {
    String[] all = new String[args.length + 2];
    System.arraycopy(args, 0, all, 0, args.length);
    all[args.length] = "--server";
    all[args.length + 1] = "http://127.0.0.1:" + server.getAddress().getPort();
    return Sluice.run(all);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 2", "401, 3", "403, 3", "404, 1", "409, 1", "413, 3", "429, 3", "500, 3", "502, 3",
    "503, 3"
  })
  void onlyWhatTheServerSaysOfTheMeshIsAnAnswer(int answered, int exitCode) {
    status = answered;

    Sluice.Answer answer = run("status");

    assertThat(answer.exitCode()).isEqualTo(exitCode);
    assertThat(answer.err()).isEqualTo("sluice: as it is\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403})
  void whatStaysAsItIsIsNotWaitedFor(int answered) {
    status = answered;

    Sluice.Answer answer = run("status", "--wait", "shop/orders", "--timeout", "1h");

    assertThat(answer.exitCode()).isEqualTo(answered == 400 ? ExitCode.USAGE : 3);
    assertThat(answer.err()).isEqualTo("sluice: as it is\n");
  }
}
