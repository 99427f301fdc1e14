package dev.sluice.server.rollout.analysis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks others over HTTP: for a limited time, for an answer of limited length, and without going
 * where they redirect to, since a login page answers 200 to everything. Any thread may ask.
 */
final class Web implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_SHOWN = 200;
  private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cntrl}\\s]+");

  private final Duration limit;
  private @Nullable HttpClient client;

  /**
   * @param limit for an answer where the request says nothing else
   */
  Web(Duration limit) {
    this.limit = limit;
  }

  Duration limit() {
    return limit;
  }

  /**
   * Sends a request, and makes an answer of the response.
   *
   * @param whom who is asked, as {@link #whom} gives it
   * @param judge never fails
   * @return never fails; cancelling it ends the request
   */
  CompletableFuture<Answer> ask(
      HttpRequest.Builder request,
      String whom,
      Duration within,
      Function<HttpResponse<byte[]>, Answer> judge) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client()
            .sendAsync(
                request.timeout(within).build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    // The request's own time ends with the headers; a body may hang as well.
    var _ =
        sent.copy()
            .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
            .handle(
                (response, thrown) ->
                    thrown == null
                        ? judge.apply(response)
                        : new Answer.None(whom + " " + why(thrown, within)))
            .whenComplete(
                (judged, thrown) -> {
                  sent.cancel(true);
                  answer.complete(thrown == null ? judged : new Answer.None(thrown.toString()));
                });
    var _ =
        answer.whenComplete(
            (_, _) -> {
              if (answer.isCancelled()) {
                sent.cancel(true);
              }
            });
    return answer;
  }

  /** Who is at an address, without what may be a secret: the path and the query. */
  static String whom(String what, URI address) {
    return "%s at %s://%s".formatted(what, address.getScheme(), address.getRawAuthority());
  }

  /** What somebody said, short and in one line. */
  static String shown(byte[] words) {
    String line =
        UNSHOWN
            .matcher(
                new String(
                    words, 0, Math.min(words.length, 4 * MOST_SHOWN), StandardCharsets.UTF_8))
            .replaceAll(" ")
            .strip();
    return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
  }

  private static String why(Throwable thrown, Duration within) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
      return "does not answer within %ss".formatted(Seconds.of(within));
    }
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    if (deepest instanceof UnresolvedAddressException || deepest instanceof UnknownHostException) {
      return "does not answer: its name is not known";
    }
    if (deepest instanceof SSLException) {
      return "does not answer: " + deepest.getMessage();
    }
    if (cause instanceof ConnectException) {
      return "does not answer: "
          + (deepest.getMessage() == null ? "nothing listens there" : deepest.getMessage());
    }
    if (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("capacity")) {
      return "answers with more than %d MiB".formatted(MOST_BYTES >> 20);
    }
    return "does not answer: "
        + (deepest.getMessage() == null
            ? deepest.getClass().getSimpleName()
            : deepest.getMessage());
  }

  private synchronized HttpClient client() {
    HttpClient known = client;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .version(Version.HTTP_1_1)
              .followRedirects(Redirect.NEVER)
              .connectTimeout(CONNECT)
              .build();
      client = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
