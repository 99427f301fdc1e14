package dev.sluice.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a real Consul: counts what is asked, and spoils answers as it is told to. */
final class ConsulProxy implements AutoCloseable {
  private static final String INDEX = "X-Consul-Index";

  private final String consul;
  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();

  /** What becomes of an answer. */
  sealed interface Fault {
    /** Consul is not asked; this is said in its stead. */
    record Refused(int code, String words) implements Fault {}

    /** It comes late. */
    record Slow(Duration late) implements Fault {}

    /** Only its first half comes, then the connection ends. */
    record CutInHalf() implements Fault {}

    /** It has another body. */
    record Body(String text) implements Fault {}

    /** It has another index; none where that is empty. */
    record Index(Optional<Long> value) implements Fault {}
  }

  /** Stands before the Consul at that address. */
  ConsulProxy(String consul) {
    this.consul = consul;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  /** Where it listens, such as {@code http://127.0.0.1:8500}. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on answers to paths that begin so, such as {@code /v1/health/}, are spoilt. */
  void spoil(String path, Fault fault) {
    faults.put(path, fault);
  }

  /** From now on all answers are as Consul gives them. */
  void repair() {
    faults.clear();
  }

  /** How many requests to paths that begin so have come. */
  long asked(String path) {
    return paths(path).size();
  }

  /** The paths of all requests so far that begin so. */
  List<String> paths(String path) {
    return asked.stream().filter(one -> one.startsWith(path)).toList();
  }

  /** How many requests there have been at the same time, those included that wait. */
  int mostAtOnce() {
    return mostOpen.get();
  }

  private Optional<Fault> fault(String path) {
    return new TreeMap<>(faults)
        .entrySet().stream()
            .filter(one -> path.startsWith(one.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
  }

  private void serve(HttpExchange exchange) throws IOException {
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    AtomicBoolean waits = new AtomicBoolean(true);
    // Who has an answer may ask again before this has seen to the end of the exchange.
    Runnable answering =
        () -> {
          if (waits.getAndSet(false)) {
            open.decrementAndGet();
          }
        };
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      asked.add(path);
      switch (fault(path).orElse(null)) {
        case Fault.Refused refused -> refuse(exchange, refused, answering);
        case Fault.Slow(Duration late) -> {
          TimeUnit.NANOSECONDS.sleep(late.toNanos());
          answer(exchange, path, answering);
        }
        case null, default -> answer(exchange, path, answering);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      answering.run();
    }
  }

  private static void refuse(HttpExchange exchange, Fault.Refused refused, Runnable answering)
      throws IOException {
    byte[] body = refused.words().getBytes(StandardCharsets.UTF_8);
    answering.run();
    exchange.sendResponseHeaders(refused.code(), body.length);
    exchange.getResponseBody().write(body);
  }

  /** Asks Consul; an answer is spoilt by what holds when it comes. */
  private void answer(HttpExchange exchange, String path, Runnable answering)
      throws IOException, InterruptedException {
    byte[] asked = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(consul + path))
            .method(
                exchange.getRequestMethod(),
                asked.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(asked));
    Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Consul-Token"))
        .ifPresent(token -> request.header("X-Consul-Token", token));
    HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
    Fault fault = fault(path).orElse(null);
    if (fault instanceof Fault.Refused refused) {
      refuse(exchange, refused, answering);
      return;
    }
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (name.toLowerCase(Locale.ROOT).startsWith("x-consul")) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    if (fault instanceof Fault.Index(Optional<Long> value)) {
      exchange.getResponseHeaders().remove(INDEX);
      value.ifPresent(it -> exchange.getResponseHeaders().set(INDEX, Long.toString(it)));
    }
    byte[] body =
        fault instanceof Fault.Body(String text)
            ? text.getBytes(StandardCharsets.UTF_8)
            : answer.body();
    answering.run();
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    OutputStream out = exchange.getResponseBody();
    out.write(body, 0, fault instanceof Fault.CutInHalf ? body.length / 2 : body.length);
    out.flush();
  }

  @Override
  public void close() {
    server.stop(0);
    client.shutdownNow();
  }
}
