package dev.sluice.server.source.kubernetes;

import dev.sluice.server.kubernetes.Words;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Why objects cannot be listed or watched.
 *
 * @param code HTTP's, as the API server answered; 0 where it did not answer
 * @param message what is wrong and what to do
 */
record Failure(int code, String message) {
  private static final int TOO_MANY_REQUESTS = 429; // RFC 6585, section 4

  Failure {
    Objects.requireNonNull(message);
  }

  /**
   * Reads what a client threw.
   *
   * @param what the plural with its group
   * @param namespace null for all
   * @param server the API server's address
   */
  static Failure of(Throwable thrown, String what, @Nullable String namespace, String server) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    int code =
        cause instanceof KubernetesClientException client ? Math.max(0, client.getCode()) : 0;
    if (!(cause instanceof KubernetesClientException) && !(cause instanceof IOException)) {
      return new Failure(0, "%s cannot be read: %s".formatted(what, cause));
    }
    String where = namespace == null ? "in all namespaces" : "in the namespace " + namespace;
    return new Failure(
        code,
        switch (code) {
          case HttpURLConnection.HTTP_UNAUTHORIZED ->
              "the API server %s does not take the token or certificate (401); renew it"
                  .formatted(server);
          case HttpURLConnection.HTTP_FORBIDDEN ->
              "list and watch of %s %s is forbidden (403); grant both verbs".formatted(what, where);
          case HttpURLConnection.HTTP_NOT_FOUND ->
              "the API server %s does not know %s (404); install it".formatted(server, what);
          case 0 -> "the API server %s cannot be reached: %s".formatted(server, Words.of(cause));
          case TOO_MANY_REQUESTS,
              HttpURLConnection.HTTP_INTERNAL_ERROR,
              HttpURLConnection.HTTP_BAD_GATEWAY,
              HttpURLConnection.HTTP_UNAVAILABLE,
              HttpURLConnection.HTTP_GATEWAY_TIMEOUT ->
              "the API server %s does not serve now: %s".formatted(server, Words.of(cause));
          default ->
              "listing %s %s fails at the API server %s: %s"
                  .formatted(what, where, server, Words.of(cause));
        });
  }

  /** Whether the API server says that there are no such objects. */
  boolean isUnknownKind() {
    return code == HttpURLConnection.HTTP_NOT_FOUND;
  }

  /** Whether the API server says that we may not. */
  boolean isForbidden() {
    return code == HttpURLConnection.HTTP_FORBIDDEN;
  }
}
