package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.server.settings.HostPort;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What no well-meaning client sends, over a raw socket. */
class RefusalsTest {
  private static final int MOST_CONNECTIONS = 4;
  private static final Duration SPAN = Duration.ofMillis(300);
  private static final Duration IDLE = Duration.ofSeconds(3);

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private HttpListener listener;

  @BeforeEach
  void start() throws IOException {
    listener =
        HttpListener.start(
            "a test",
            new Connector(new HostPort("127.0.0.1", 0), null, MOST_CONNECTIONS, SPAN, IDLE),
            routes ->
                routes
                    .post("/v1/diff", context -> GivenTexts.of(context, List.of("documents")))
                    .get(
                        "/v1/none",
                        _ -> {
                          throw new NotFoundResponse("there is none");
                        })
                    .get("/v1/{id}", context -> context.result("it is " + context.pathParam("id")))
                    .put("/v1/{id}", context -> context.result("got " + context.body().length())));
  }

  @BeforeEach
  void listenToTheLog() {
    logged.start();
    log().addAppender(logged);
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(HttpListener.class);
  }

  @AfterEach
  void stop() {
    log().detachAppender(logged);
    listener.close();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private String ask(String request) throws IOException {
    try (Socket socket = connect()) {
      write(socket, request);
      return answer(socket);
    }
  }

  /** What comes until the server ends the connection, which it may do abruptly. */
  private static String answer(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        answer.append((char) next);
      }
    } catch (SocketException e) {
      // It is told by what came before.
    }
    return answer.toString();
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
  }

  private static String get(String path) {
    return head("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/../v1/a",
        "/v1/a/..",
        "/../../etc/passwd",
        "/v1/./a",
        "/v1/%2e%2e/a",
        "/v1/.%2E/a",
        "/v1/..;x/a",
        "/v1/%2e%2e%2fetc",
        "/v1/a%00",
        "/v1/a%zz",
      })
  void aPathThatLeadsElsewhereIsRefused(String path) throws IOException {
    String answer = ask(get(path));

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"message\"");
    assertThat(answer).doesNotContain("it is").doesNotContain("Jetty").doesNotContain("at org.");
  }

  @Test
  void aNameWithDotsOrASlashInItIsNoSuchPath() throws IOException {
    assertThat(ask(get("/v1/a..b"))).endsWith("it is a..b");
    assertThat(ask(get("/v1/a%2Fb"))).endsWith("it is a/b");
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsNotRead() throws IOException {
    String answer = ask(head("PUT /v1/a HTTP/1.1", "Host: localhost", "Content-Length: 5000000"));

    assertThat(answer)
        .startsWith("HTTP/1.1 413 ")
        .contains("the body is larger than 1048576 bytes");
  }

  @Test
  void aBodyOfUnknownLengthIsReadUpToTheLimit() throws IOException {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    String head = head("PUT /v1/a HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked");

    assertThat(ask(head + chunk + "0\r\n\r\n")).endsWith("got 65536");
    assertThat(ask(head + chunk.repeat(17) + "0\r\n\r\n")).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void aHeadThatIsTooLargeOrIsNoneIsRefused() throws IOException {
    String large = "GET /v1/a HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n";

    assertThat(ask(large)).startsWith("HTTP/1.1 431 ").contains("\"message\"");
    assertThat(ask("GET /v1/a HTTP/1.1\r\n\r\n")).as("no host").startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/a HTTP/1.1\r\nX: ",
        "PUT /v1/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
      })
  void aRequestThatComesDropByDropIsEnded(String begin) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(50); // The pace of the drops.
      write(socket, begin);
      boolean ended = false;
      for (int drop = 0; drop < 200 && !ended; drop++) {
        try {
          write(socket, "x");
          ended = socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
          // It is still listened to.
        } catch (SocketException e) {
          ended = true;
        }
      }

      assertThat(ended).isTrue();
    }
    assertThat(ask(get("/v1/a"))).endsWith("it is a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT /v1/a", "POST /v1/diff"})
  void aBodyThatDoesNotComeIsNoFailureOfTheServer(String asked) throws IOException {
    String request = asked + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{";

    assertThat(ask(request)).startsWith("HTTP/1.1 408 ");

    assertThat(logged.list).noneMatch(it -> it.getLevel().isGreaterOrEqual(Level.WARN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "POST", "TRACE", "OPTIONS", "PATCH"})
  void aVerbThatAPathHasNotIsToldThoseThatItHas(String verb) throws IOException {
    String answer = ask(head(verb + " /v1/a HTTP/1.1", "Host: localhost"));

    assertThat(answer)
        .startsWith("HTTP/1.1 405 ")
        .containsPattern("Allow: GET, PUT, HEAD|Allow: GET, HEAD, PUT")
        .contains(verb + " is no method of /v1/a, which has ");
    assertThat(ask(head(verb + " /nothing HTTP/1.1", "Host: localhost")))
        .startsWith("HTTP/1.1 404 ");
  }

  @Test
  void aHeadIsThatOfTheAnswerToGet() throws IOException {
    assertThat(ask(head("HEAD /v1/a HTTP/1.1", "Host: localhost")))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("\r\n\r\n");
    assertThat(ask(head("HEAD /v1/none HTTP/1.1", "Host: localhost")))
        .startsWith("HTTP/1.1 404 ")
        .endsWith("\r\n\r\n");
  }

  /** In pieces, with a pause after each; what came back, and whether the server ended it. */
  private String upload(int length) throws IOException {
    String piece = "x".repeat(5 << 10);
    try (Socket socket = connect()) {
      socket.setSoTimeout(50); // The pace of the pieces.
      write(socket, head("PUT /v1/a HTTP/1.1", "Host: localhost", "Content-Length: " + length));
      for (int sent = 0; sent < length; sent += piece.length()) {
        try {
          write(socket, piece.substring(0, Math.min(piece.length(), length - sent)));
          int early = socket.getInputStream().read();
          if (early < 0 || sent + piece.length() < length) {
            return early < 0 ? "ended" : "answered early";
          }
          return (char) early + answer(socket);
        } catch (SocketTimeoutException e) {
          // It is still listened to.
        } catch (SocketException e) {
          return "ended";
        }
      }
      socket.setSoTimeout(10_000);
      return answer(socket);
    }
  }

  @Test
  void aBodyThatComesSteadilyIsTakenEvenIfItTakesLong() throws IOException {
    assertThat(upload(150_000)).endsWith("got 150000");
  }

  @Test
  void aBodyMayNotTakeForEver() throws IOException {
    assertThat(upload(1_000_000)).isEqualTo("ended");
  }

  @Test
  void aConnectionThatIsKeptAndUsedIsNotSlow() throws IOException {
    try (Socket socket = connect()) {
      for (int turn = 0; turn < 12; turn++) {
        socket.setSoTimeout(10_000);
        write(socket, "GET /v1/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("it is a")) {
          answer.append((char) socket.getInputStream().read());
        }
        socket.setSoTimeout(100);
        try {
          assertThat(socket.getInputStream().read()).as("nothing more, and no end").isNegative();
          throw new AssertionError("the connection was ended");
        } catch (SocketTimeoutException e) {
          // As it should be; and a pause before the next.
        }
      }
    }
  }

  @Test
  void connectionsAreBounded() throws IOException {
    List<Socket> all = new ArrayList<>();
    try {
      for (int i = 0; i < MOST_CONNECTIONS; i++) {
        Socket one = connect();
        all.add(one);
        write(one, "GET /v1/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(one.getInputStream().read()).isEqualTo('H');
      }
      Socket more = connect(); // By the system; nobody takes it up.
      all.add(more);
      write(more, get("/v1/a"));
      more.setSoTimeout(500);
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> more.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      all.getFirst().close();

      more.setSoTimeout(10_000);
      assertThat(answer(more)).endsWith("it is a");
    } finally {
      for (Socket one : all) {
        one.close();
      }
    }
  }
}
