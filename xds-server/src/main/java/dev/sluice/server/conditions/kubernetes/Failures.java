package dev.sluice.server.conditions.kubernetes;

import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.server.kubernetes.Words;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** What an API server's failures mean to people. */
final class Failures {
  private static final int UNPROCESSABLE = 422;

  private Failures() {}

  /**
   * It in words.
   *
   * @param grant what to grant, should it be forbidden
   */
  static StoreException of(KubernetesClientException e, String grant) {
    String words =
        e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            ? "it is forbidden (403); grant " + grant
            : Words.of(e);
    return new StoreException(extent(e), words, e);
  }

  private static Extent extent(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_UNAVAILABLE -> Extent.ALL;
      case HttpURLConnection.HTTP_ENTITY_TOO_LARGE -> Extent.SIZE;
      case UNPROCESSABLE -> isTooLong(e) ? Extent.SIZE : Extent.ONE;
      default -> e.getCode() > 0 ? Extent.ONE : Extent.ALL;
    };
  }

  /** A ConfigMap has at most a MiB. */
  private static boolean isTooLong(KubernetesClientException e) {
    return String.valueOf(e.getMessage()).contains("Too long");
  }
}
