package dev.sluice.server.load;

import java.util.Comparator;

/**
 * A cluster as proxies report of it.
 *
 * @param cluster its name
 * @param service its name in endpoint discovery ({@code cluster_service_name}), or empty
 */
public record Upstream(String cluster, String service) implements Comparable<Upstream> {
  private static final Comparator<Upstream> ORDER =
      Comparator.comparing(Upstream::cluster).thenComparing(Upstream::service);

  @Override
  public int compareTo(Upstream other) {
    return ORDER.compare(this, other);
  }
}
