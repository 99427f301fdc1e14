package dev.sluice.server.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Clients that call one address without end, each waiting for its answer and then a little. */
final class Traffic implements AutoCloseable {
  private static final int CLIENTS = 8;
  private static final long NANOS_BETWEEN = 20_000_000;

  private final InetSocketAddress to;
  private final String host;
  private final Ledger ledger = new Ledger();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean stopped;

  private Traffic(InetSocketAddress to, String host) {
    this.to = to;
    this.host = host;
  }

  /**
   * Starts calling: about 400 requests a second as long as answers take a few milliseconds.
   *
   * @param host what the requests name as their host
   */
  static Traffic start(InetSocketAddress to, String host) {
    Traffic traffic = new Traffic(to, host);
    for (int i = 0; i < CLIENTS; i++) {
      traffic.clients.add(Thread.ofVirtual().name("client-" + i).start(traffic::call));
    }
    return traffic;
  }

  Ledger ledger() {
    return ledger;
  }

  private void call() {
    HttpConnection connection = null;
    while (!stopped) {
      long start = System.nanoTime();
      try {
        connection = connection == null ? new HttpConnection(to) : connection;
        HttpConnection.Answer answer = connection.get(host, "/");
        record(start, answer);
        connection = answer.closes() ? closed(connection) : connection;
      } catch (IOException e) {
        connection = closed(connection);
        record(start, Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()));
      }
      pause(start);
    }
    closed(connection);
  }

  private void record(long start, HttpConnection.Answer answer) {
    String version = answer.headers().getOrDefault(Instance.VERSION_HEADER, "");
    if (answer.status() != 200 || version.isEmpty()) {
      record(start, "%d %s".formatted(answer.status(), answer.body()).strip());
      return;
    }
    long now = System.nanoTime();
    String instance = answer.headers().getOrDefault(Instance.INSTANCE_HEADER, "");
    ledger.add(Sample.answered(now, now - start, version, instance));
  }

  private void record(long start, String failure) {
    long now = System.nanoTime();
    if (!stopped) {
      ledger.add(Sample.failed(now, now - start, failure));
    }
  }

  private static @Nullable HttpConnection closed(@Nullable HttpConnection connection) {
    if (connection != null) {
      connection.close();
    }
    return null;
  }

  private void pause(long start) {
    long left = NANOS_BETWEEN - (System.nanoTime() - start);
    try {
      Thread.sleep(Math.max(left, 1_000_000) / 1_000_000);
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  /** Stops; answers still under way are not counted. */
  @Override
  public void close() {
    stopped = true;
    clients.forEach(Thread::interrupt);
  }
}
