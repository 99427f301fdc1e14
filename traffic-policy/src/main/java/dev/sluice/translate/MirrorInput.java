package dev.sluice.translate;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.Percent;
import java.util.Objects;

/** Who gets copies of requests. */
public sealed interface MirrorInput {
  /** Of how many requests, above 0. */
  Percent percent();

  /**
   * Instances of a Cluster that the proxy has.
   *
   * @param cluster name of the Cluster
   * @param percent of the requests
   */
  record ToCluster(String cluster, Percent percent) implements MirrorInput {
    public ToCluster {
      Objects.requireNonNull(cluster);
      Objects.requireNonNull(percent);
    }
  }

  /**
   * A service, which a proxy may not know: {@link Mirrors} says what becomes of it.
   *
   * @param service the service
   * @param percent of the requests
   */
  record ToService(ServiceId service, Percent percent) implements MirrorInput {
    public ToService {
      Objects.requireNonNull(service);
      Objects.requireNonNull(percent);
    }
  }
}
