package dev.sluice.server.rollout.analysis;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that answers as a test says, and knows what it was asked. */
final class Peer implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private final HttpServer server;
  private volatile Behaviour behaviour = Peer::hold;

  /** The query, or the body of what is posted, of each request. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** What it does with a request. */
  private interface Behaviour {
    void answer(Peer peer, HttpExchange exchange) throws IOException;
  }

  Peer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        body.isEmpty()
            ? URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8)
            : body);
    try (exchange) {
      behaviour.answer(this, exchange);
    }
  }

  void answers(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    behaviour =
        (_, exchange) -> {
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        };
  }

  /** A vector of samples with these values. */
  void gives(String... values) {
    List<String> samples =
        List.of(values).stream()
            .map("{\"metric\": {}, \"value\": [1.5, \"%s\"]}"::formatted)
            .toList();
    answers(200, result("vector", "[" + String.join(",", samples) + "]"));
  }

  static String result(String type, String result) {
    return "{\"status\": \"success\", \"data\": {\"resultType\": \"%s\", \"result\": %s}}"
        .formatted(type, result);
  }

  void redirects() {
    behaviour =
        (_, exchange) -> {
          exchange.getResponseHeaders().add("Location", exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(302, -1);
        };
  }

  /** Answers more than anybody would read. */
  void floods() {
    behaviour =
        (_, exchange) -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] part = new byte[65_536];
          while (true) { // Until the other side has had enough.
            exchange.getResponseBody().write(part);
          }
        };
  }

  /** Answers nothing. */
  void holds() {
    behaviour = Peer::hold;
  }

  /** Begins an answer that does not end. */
  void stalls() {
    behaviour =
        (peer, exchange) -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          peer.hold(exchange);
        };
  }

  private void hold(HttpExchange exchange) throws IOException {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("the test is over: " + exchange.getRequestMethod());
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.close();
  }
}
