package dev.sluice.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a service: a real HTTP/1.1 server that says in its answers who it is, and
 * misbehaves on demand.
 */
public final class TestBackend implements AutoCloseable {
  /** The answer's header that names the version. */
  public static final String VERSION_HEADER = "x-version";

  /** The answer's header that names the instance. */
  public static final String INSTANCE_HEADER = "x-instance";

  /** The answer's header that names the host that was asked for. */
  public static final String HOST_HEADER = "x-host";

  /** What the backend does with a request. */
  private sealed interface Behaviour {
    /** Answers with a status. */
    record Status(int status) implements Behaviour {}

    /** Answers 500 to each so many-th request, and 200 to the others. */
    record Failing(int each) implements Behaviour {}

    /** Answers 200 after a while. */
    record Slow(Duration time) implements Behaviour {}

    /** Answers 200 once the latch opens. */
    record Held(CountDownLatch latch) implements Behaviour {}

    /** Resets the connection. */
    record Reset() implements Behaviour {}
  }

  private final String version;
  private final String instance;
  private final Acceptor acceptor;
  private final AtomicInteger requests = new AtomicInteger();
  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private volatile Behaviour behaviour = new Behaviour.Status(200);
  private volatile @Nullable CountDownLatch held;
  private volatile Map<String, String> lastRequest = Map.of();

  private TestBackend(
      InetSocketAddress address, String version, String instance, @Nullable ServerTls tls) {
    this.version = version;
    this.instance = instance;
    this.acceptor =
        Acceptor.start(address, tls == null ? this::serve : plain -> serve(tls.over(plain)));
  }

  /** Starts an instance on loopback that answers 200. */
  public static TestBackend start(String version, String instance) {
    return new TestBackend(anyPort(), version, instance, null);
  }

  /** Starts an instance that answers 200 at an address of this machine. */
  public static TestBackend startAt(InetSocketAddress address, String version, String instance) {
    return new TestBackend(address, version, instance, null);
  }

  /** Starts an instance on loopback that answers 200 to who speaks TLS with it. */
  public static TestBackend start(String version, String instance, ServerTls tls) {
    return new TestBackend(anyPort(), version, instance, tls);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  public int port() {
    return acceptor.port();
  }

  public String version() {
    return version;
  }

  public String instance() {
    return instance;
  }

  /** How many requests have reached this instance. */
  public int requests() {
    return requests.get();
  }

  /** How many connections have been opened to this instance. */
  public int connections() {
    return acceptor.accepted();
  }

  /** Answers 200 after this time from now on. */
  public void slowDown(Duration time) {
    become(new Behaviour.Slow(time));
  }

  /** Answers requests for this path with this status from now on, whatever it does with others. */
  public void answerAt(String path, int status) {
    statuses.put(path, status);
  }

  /** The headers of the newest request, names in lower case. */
  public Map<String, String> lastRequest() {
    return lastRequest;
  }

  /** Answers everything with this status from now on. */
  public void answerWith(int status) {
    become(new Behaviour.Status(status));
  }

  /** Answers 500 to each so many-th request from now on, and 200 to the others. */
  public void failEach(int requestsTo) {
    become(new Behaviour.Failing(requestsTo));
  }

  /** Reads every request and answers none until it is told otherwise; then those get their 200. */
  public void hold() {
    CountDownLatch latch = new CountDownLatch(1);
    become(new Behaviour.Held(latch));
    held = latch;
  }

  /** Resets the connection of every request from now on. */
  public void reset() {
    become(new Behaviour.Reset());
  }

  private void become(Behaviour next) {
    behaviour = next;
    CountDownLatch latch = held;
    if (latch != null) {
      latch.countDown();
      held = null;
    }
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    InputStream in = new BufferedInputStream(socket.getInputStream(), 8192);
    while (true) {
      String requestLine = HttpConnection.line(in);
      Map<String, String> headers = HttpConnection.headers(in);
      HttpConnection.body(in, headers);
      lastRequest = headers;
      Integer fixed = statuses.get(requestLine.split(" ", 3)[1]);
      if (fixed != null) {
        answer(socket, fixed, requestLine, headers);
        continue;
      }
      int number = requests.incrementAndGet();
      switch (behaviour) {
        case Behaviour.Status(int status) -> answer(socket, status, requestLine, headers);
        case Behaviour.Failing(int each) ->
            answer(socket, number % each == 0 ? 500 : 200, requestLine, headers);
        case Behaviour.Slow(Duration time) -> {
          Thread.sleep(time); // A virtual thread: what is slow here is the instance.
          answer(socket, 200, requestLine, headers);
        }
        case Behaviour.Held(CountDownLatch latch) -> {
          latch.await();
          answer(socket, 200, requestLine, headers);
        }
        case Behaviour.Reset() -> {
          socket.setSoLinger(true, 0);
          return;
        }
      }
    }
  }

  private void answer(Socket socket, int status, String requestLine, Map<String, String> headers)
      throws IOException {
    String body = version + " " + instance + " " + requestLine + "\n";
    String head =
        """
        HTTP/1.1 %d Answer
        %s: %s
        %s: %s
        %s: %s
        Content-Length: %d

        """
            .formatted(
                status,
                VERSION_HEADER,
                version,
                INSTANCE_HEADER,
                instance,
                HOST_HEADER,
                headers.getOrDefault("host", ""),
                body.length())
            .replace("\n", "\r\n");
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    become(new Behaviour.Status(200));
    acceptor.close();
  }
}
