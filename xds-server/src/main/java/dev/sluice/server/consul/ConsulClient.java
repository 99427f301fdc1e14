package dev.sluice.server.consul;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Consul's HTTP API. A request that waits holds a connection and no thread, so that a thousand can
 * wait. Any thread may ask.
 */
public final class ConsulClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Beside the wait that was asked for, and Consul's own jitter of a sixteenth of it. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final int JITTER = 16;
  private static final int SHOWN_OF_BODY = 200;

  private final ConsulAccess access;
  private final TokenReader token;
  private HttpClient client;
  private List<FileTime> stamps;

  /**
   * A client; it connects when it is used.
   *
   * @throws IOException when a certificate or key cannot be used; the message says what to do
   */
  public ConsulClient(ConsulAccess access) throws IOException {
    this.access = access;
    this.token = new TokenReader(access.token());
    this.stamps = TlsFiles.stamps(access.tls());
    this.client = connected();
  }

  /** Where Consul is. */
  public URI address() {
    return access.address();
  }

  /** Which part of Consul is meant. */
  public ConsulAccess.Scope scope() {
    return access.scope();
  }

  /**
   * Reads something.
   *
   * @param path as below {@code /v1/}, of segments that are encoded already
   * @param limit how long it may take
   * @return fails with a {@link ConsulException}; cancelling it ends the request
   */
  public CompletableFuture<ConsulAnswer> get(String path, Duration limit) {
    return get(path, reading(), limit);
  }

  /**
   * Reads something as it is by now, whatever consistency other reads have.
   *
   * @param path as below {@code /v1/}, of segments that are encoded already
   * @param limit how long it may take
   * @return fails with a {@link ConsulException}; cancelling it ends the request
   */
  public CompletableFuture<ConsulAnswer> getLatest(String path, Duration limit) {
    Map<String, String> parameters = where();
    parameters.put("consistent", "");
    return get(path, parameters, limit);
  }

  /**
   * Reads something once it has changed.
   *
   * @param index the index that is known; 0 for an answer at once
   * @param wait how long Consul may wait for a change
   * @return fails with a {@link ConsulException}; cancelling it ends the request
   */
  public CompletableFuture<ConsulAnswer> get(String path, long index, Duration wait) {
    Map<String, String> parameters = reading();
    Duration limit = ANSWER;
    if (index > 0) {
      parameters.put("index", Long.toString(index));
      parameters.put("wait", wait.toMillis() + "ms");
      limit = ANSWER.plus(wait).plus(wait.dividedBy(JITTER));
    }
    return get(path, parameters, limit);
  }

  private Map<String, String> reading() {
    Map<String, String> parameters = where();
    switch (access.consistency()) {
      case DEFAULT -> {}
      case CONSISTENT -> parameters.put("consistent", "");
      case STALE -> parameters.put("stale", "");
    }
    return parameters;
  }

  private CompletableFuture<ConsulAnswer> get(
      String path, Map<String, String> parameters, Duration limit) {
    CompletableFuture<HttpResponse<byte[]>> sent = send("GET", path, parameters, "", limit);
    return cancelling(sent.thenApply(this::answer), sent);
  }

  private ConsulAnswer answer(HttpResponse<byte[]> response) {
    boolean nothing = response.statusCode() == HttpURLConnection.HTTP_NOT_FOUND;
    if (!nothing && response.body().length == 0) { // Else all that there was would seem gone.
      throw new CompletionException(
          new ConsulException(
              0,
              "Consul at %s: its answer cannot be read: it is empty; see what listens there"
                  .formatted(address())));
    }
    return new ConsulAnswer(
        nothing ? new byte[0] : response.body(),
        response.headers().firstValueAsLong("X-Consul-Index").orElse(0),
        response
            .headers()
            .firstValue("X-Consul-Results-Filtered-By-ACLs")
            .map(Boolean::parseBoolean)
            .orElse(false));
  }

  /**
   * Writes something.
   *
   * @param path as below {@code /v1/}, of segments that are encoded already
   * @param parameters beside those that say where
   * @param limit how long it may take
   * @return Consul's answer; fails with a {@link ConsulException}
   */
  public CompletableFuture<String> put(
      String path, Map<String, String> parameters, String body, Duration limit) {
    Map<String, String> all = where();
    all.putAll(parameters);
    return send("PUT", path, all, body, limit)
        .thenApply(response -> new String(response.body(), StandardCharsets.UTF_8));
  }

  /**
   * Removes something, if it is there.
   *
   * @param path as below {@code /v1/}, of segments that are encoded already
   * @param limit how long it may take
   * @return fails with a {@link ConsulException}
   */
  public CompletableFuture<Void> delete(String path, Duration limit) {
    return delete(path, Map.of(), limit).thenRun(() -> {});
  }

  /**
   * Removes something.
   *
   * @param path as below {@code /v1/}, of segments that are encoded already
   * @param parameters beside those that say where
   * @param limit how long it may take
   * @return Consul's answer; fails with a {@link ConsulException}
   */
  public CompletableFuture<String> delete(
      String path, Map<String, String> parameters, Duration limit) {
    Map<String, String> all = where();
    all.putAll(parameters);
    return send("DELETE", path, all, "", limit)
        .thenApply(response -> new String(response.body(), StandardCharsets.UTF_8));
  }

  /** Where a key is, or all keys that begin so, below {@code /v1/}. */
  public static String ofKey(String key) {
    return "kv/"
        + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  private Map<String, String> where() {
    Map<String, String> parameters = new LinkedHashMap<>();
    access.datacenter().ifPresent(it -> parameters.put("dc", it));
    access.scope().namespace().ifPresent(it -> parameters.put("ns", it));
    access.scope().partition().ifPresent(it -> parameters.put("partition", it));
    return parameters;
  }

  private CompletableFuture<HttpResponse<byte[]>> send(
      String method, String path, Map<String, String> parameters, String body, Duration limit) {
    HttpRequest request;
    HttpClient now;
    try {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(uri(path, parameters))
              .timeout(limit)
              .method(
                  method,
                  method.equals("PUT") ? BodyPublishers.ofString(body) : BodyPublishers.noBody());
      String secret = token.secret();
      if (!secret.isEmpty()) {
        builder.header("X-Consul-Token", secret);
      }
      request = builder.build();
      now = client();
    } catch (IOException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(new ConsulException(0, String.valueOf(e.getMessage())));
    }
    CompletableFuture<HttpResponse<byte[]>> asked =
        now.sendAsync(request, BodyHandlers.ofByteArray());
    CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
    // The request's own time ends with the headers; a body may hang as well.
    var _ =
        asked
            .copy()
            .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (response, thrown) -> {
                  if (thrown != null) {
                    asked.cancel(true);
                    answer.completeExceptionally(unreachable(thrown));
                  } else if (isAnswer(path, response)) {
                    answer.complete(response);
                  } else {
                    answer.completeExceptionally(refusal(method, path, response));
                  }
                });
    return cancelling(answer, asked);
  }

  /** A future whose cancelling ends the request too. */
  private static <T> CompletableFuture<T> cancelling(
      CompletableFuture<T> answer, CompletableFuture<?> request) {
    var _ =
        answer.whenComplete(
            (_, _) -> {
              if (answer.isCancelled()) {
                request.cancel(true);
              }
            });
    return answer;
  }

  private URI uri(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(
                it ->
                    it.getKey()
                        + (it.getValue().isEmpty()
                            ? ""
                            : "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8)))
            .collect(Collectors.joining("&"));
    String base = access.address().toString().replaceAll("/+$", "");
    return URI.create(
        base + "/v1/" + path + (query.isEmpty() ? "" : path.contains("?") ? "&" : "?") + query);
  }

  /** That there is nothing is an answer, and that a transaction is rolled back. */
  private static boolean isAnswer(String path, HttpResponse<?> response) {
    return switch (response.statusCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND ->
          response.headers().firstValue("X-Consul-Index").isPresent();
      case HttpURLConnection.HTTP_CONFLICT -> path.equals("txn");
      default -> response.statusCode() / 100 == 2;
    };
  }

  private ConsulException refusal(String method, String path, HttpResponse<byte[]> response) {
    int code = response.statusCode();
    String words = new String(response.body(), StandardCharsets.UTF_8).strip();
    String shown = words.length() > SHOWN_OF_BODY ? words.substring(0, SHOWN_OF_BODY) : words;
    String said = shown.isEmpty() ? "(" + code + ")" : shown + " (" + code + ")";
    return new ConsulException(
        code,
        switch (code) {
          case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_UNAUTHORIZED ->
              "Consul at %s does not let the token do this: %s; renew it, or grant it %s"
                  .formatted(address(), said, grants(method, path));
          case 429, 500, 502, 503, 504 ->
              "Consul at %s does not serve now: %s".formatted(address(), said);
          default -> "Consul at %s refuses: %s".formatted(address(), said);
        });
  }

  /** What a token needs for that. */
  private static String grants(String method, String path) {
    if (method.equals("GET")) {
      return "service:read, node:read and key:read";
    }
    return path.startsWith("session/") ? "session:write" : "key:write";
  }

  private ConsulException unreachable(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
      return new ConsulException(0, "Consul at %s does not answer".formatted(address()), cause);
    }
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String words = deepest.getMessage();
    String why =
        words != null
            ? words
            : cause instanceof ConnectException
                ? "nothing listens there"
                : deepest.getClass().getSimpleName();
    return new ConsulException(
        0, "Consul at %s cannot be reached: %s".formatted(address(), why), cause);
  }

  /** The one for the certificates as they are by now; the old one ends with its requests. */
  private synchronized HttpClient client() throws IOException {
    List<FileTime> now = TlsFiles.stamps(access.tls());
    if (!now.equals(stamps)) {
      HttpClient old = client;
      client = connected();
      stamps = now;
      old.shutdown();
    }
    return client;
  }

  private HttpClient connected() throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(CONNECT);
    if ("https".equals(access.address().getScheme())) {
      builder.sslContext(TlsFiles.context(access.tls()));
    }
    return builder.build();
  }

  @Override
  public synchronized void close() {
    client.shutdownNow();
  }
}
