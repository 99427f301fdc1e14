package dev.sluice.server.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One instance of a version of the demo's service: says who it is to every request. */
final class Instance implements AutoCloseable {
  /** Response header that tells the version. */
  static final String VERSION_HEADER = "x-version";

  /** Response header that tells the instance. */
  static final String INSTANCE_HEADER = "x-instance";

  static {
    // The JDK's server writes header and body apart: without this each answer waits for an ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // Seconds. A connection that a proxy keeps for later must not be closed under its next request.
    System.setProperty("sun.net.httpserver.idleInterval", "86400");
  }

  private final String name;
  private final String version;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Instance(String name, String version, HttpServer server) {
    this.name = name;
    this.version = version;
    this.server = server;
  }

  /**
   * Starts an instance on a free loopback port.
   *
   * @param service what it is an instance of
   */
  static Instance start(String service, String name, String version) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 128);
    Instance instance = new Instance(name, version, server);
    byte[] text =
        "%s %s, instance %s%n".formatted(service, version, name).getBytes(StandardCharsets.UTF_8);
    server.setExecutor(instance.threads);
    server.createContext("/", exchange -> instance.answer(exchange, text));
    server.start();
    return instance;
  }

  private void answer(HttpExchange exchange, byte[] text) throws IOException {
    exchange.getResponseHeaders().set("content-type", "text/plain; charset=utf-8");
    exchange.getResponseHeaders().set(VERSION_HEADER, version);
    exchange.getResponseHeaders().set(INSTANCE_HEADER, name);
    exchange.sendResponseHeaders(200, text.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(text);
    }
  }

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Stops at once, whatever is under way. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
