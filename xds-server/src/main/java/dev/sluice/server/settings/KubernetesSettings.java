package dev.sluice.server.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes cluster that is watched.
 *
 * @param name how it is called; unique
 * @param kubeconfig how it is reached; null for the pod's service account, and else for kubectl's
 * @param context of the kubeconfig; null for its current one
 * @param namespaces none for all
 * @param labelSelector of Services; empty for all
 * @param holdEmpty how long instances stay that a new list suddenly lacks; zero not to
 * @param status whether statuses are written to custom resources
 * @param leaseNamespace where the Lease of the one who writes them is; empty for this server's own
 */
public record KubernetesSettings(
    String name,
    @Nullable Path kubeconfig,
    @Nullable String context,
    List<String> namespaces,
    Optional<String> labelSelector,
    Duration holdEmpty,
    StatusWriting status,
    Optional<String> leaseNamespace) {
  /** How a cluster is called that has no name. */
  public static final String DEFAULT_NAME = "kubernetes";

  /** How long instances stay unless told otherwise. */
  public static final Duration DEFAULT_HOLD_EMPTY = Duration.ofSeconds(60);

  /** Whether statuses are written. */
  public enum StatusWriting {
    /** By the replica that holds the Lease. */
    ON,
    /** The custom resources are read only. */
    OFF
  }

  public KubernetesSettings {
    Objects.requireNonNull(name);
    namespaces = List.copyOf(namespaces);
    Objects.requireNonNull(labelSelector);
    Objects.requireNonNull(holdEmpty);
    Objects.requireNonNull(status);
    Objects.requireNonNull(leaseNamespace);
  }

  /** All of the cluster that a kubeconfig leads to. */
  public static KubernetesSettings of(String name, Path kubeconfig) {
    return new KubernetesSettings(
        name,
        kubeconfig,
        null,
        List.of(),
        Optional.empty(),
        DEFAULT_HOLD_EMPTY,
        StatusWriting.ON,
        Optional.empty());
  }
}
