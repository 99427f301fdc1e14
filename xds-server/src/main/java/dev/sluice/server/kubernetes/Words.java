package dev.sluice.server.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;

/** What is to be read of a client's failure, without the request that it was about. */
public final class Words {
  private Words() {}

  /** The API server's own words where it answered, and else those of the deepest cause. */
  public static String of(Throwable thrown) {
    if (thrown instanceof KubernetesClientException client) {
      Status status = client.getStatus();
      if (status != null && status.getMessage() != null) {
        return status.getMessage() + " (" + client.getCode() + ")";
      }
    }
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    if (deepest instanceof TimeoutException) {
      return "it does not answer"; // The client's words name the request, each another.
    }
    String message = deepest.getMessage();
    String type = deepest.getClass().getSimpleName();
    return message == null
        ? type
        : deepest instanceof NoSuchFileException ? "there is no file " + message : message;
  }
}
