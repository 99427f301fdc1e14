package dev.sluice.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends the same request, without a body, again and again over HTTP/1.1 connections that are kept
 * alive.
 *
 * @param port the proxy's listener, on loopback
 * @param host the {@code Host} header: what routes are found by
 * @param method of the requests
 * @param path what is asked for
 * @param headers further ones
 * @param tls how its connections are secured; null for plain ones
 */
public record TrafficClient(
    int port,
    String host,
    String method,
    String path,
    Map<String, String> headers,
    @Nullable ClientTls tls) {
  private static final int CONNECTIONS = 8;

  public TrafficClient {
    headers = Map.copyOf(headers);
  }

  /** Asks for {@code /} at this host. */
  public static TrafficClient to(int port, String host) {
    return new TrafficClient(port, host, "GET", "/", Map.of(), null);
  }

  /** The same with one more header. */
  public TrafficClient with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new TrafficClient(port, host, method, path, more, tls);
  }

  /** The same for another path. */
  public TrafficClient at(String otherPath) {
    return new TrafficClient(port, host, method, otherPath, headers, tls);
  }

  /** The same with another method than GET. */
  public TrafficClient asking(String otherMethod) {
    return new TrafficClient(port, host, otherMethod, path, headers, tls);
  }

  /** The same over TLS. */
  public TrafficClient over(ClientTls security) {
    return new TrafficClient(port, host, method, path, headers, security);
  }

  /** Sends one request over a new connection. */
  public Answer once() {
    return send(1, 1).answers().getFirst();
  }

  /** Sends this many requests over eight connections and waits for all. */
  public TrafficReport send(int requests) {
    return send(requests, Math.min(requests, CONNECTIONS));
  }

  /** Sends this many requests over this many connections and waits for all. */
  public TrafficReport send(int requests, int connections) {
    AtomicInteger left = new AtomicInteger(requests);
    List<Future<List<Answer>>> parts = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < connections; i++) {
        parts.add(
            threads.submit(
                () -> {
                  List<Answer> answers = new ArrayList<>();
                  try (Sender sender = new Sender(this)) {
                    while (left.getAndDecrement() > 0) {
                      answers.add(sender.send());
                    }
                  }
                  return answers;
                }));
      }
    }
    List<Answer> answers = new ArrayList<>(requests);
    parts.forEach(part -> answers.addAll(part.resultNow()));
    return new TrafficReport(answers);
  }

  /** Keeps sending over eight connections until it is stopped. */
  public ContinuousTraffic keepSending() {
    return new ContinuousTraffic(this, CONNECTIONS, Duration.ZERO);
  }

  /** Keeps sending over this many connections, pausing after each answer, until it is stopped. */
  public ContinuousTraffic keepSending(int connections, Duration pause) {
    return new ContinuousTraffic(this, connections, pause);
  }

  private byte[] request() {
    StringBuilder text =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
    if (!method.equals("GET")) {
      text.append("Content-Length: 0\r\n");
    }
    headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** One connection that is opened again when the other side asked to close it. */
  static final class Sender implements AutoCloseable {
    private final int port;
    private final byte[] request;
    private final @Nullable ClientTls tls;
    private @Nullable HttpConnection connection;

    Sender(TrafficClient client) {
      port = client.port();
      request = client.request();
      tls = client.tls();
    }

    Answer send() throws IOException {
      long start = System.nanoTime();
      try {
        if (connection == null || !connection.isOpen()) {
          close();
          connection = new HttpConnection(port, tls);
        }
        return connection.exchange(request);
      } catch (IOException | RuntimeException e) {
        close();
        return Answer.none(start, e);
      }
    }

    @Override
    public void close() throws IOException {
      if (connection != null) {
        connection.close();
        connection = null;
      }
    }
  }
}
