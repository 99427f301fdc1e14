package dev.sluice.catalog;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One instance of a service.
 *
 * @param address an IP literal
 * @param ports the instance's port for each of the service's ports, by that port's name
 * @param labels pod labels, Consul tags and meta, or what a StaticService says
 * @param weight share among its peers, at least 1
 * @param locality where it runs
 * @param health its readiness
 * @param source who told of it
 */
public record Endpoint(
    String address,
    SortedMap<String, Integer> ports,
    SortedMap<String, String> labels,
    int weight,
    Locality locality,
    Health health,
    SourceName source)
    implements Comparable<Endpoint> {
  /** The label that has the name of a Kubernetes pod. */
  public static final String POD_LABEL = "sluice.dev/pod";

  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::address)
          .thenComparing(endpoint -> endpoint.ports().toString())
          .thenComparing(Endpoint::source);

  public Endpoint {
    Objects.requireNonNull(address);
    Objects.requireNonNull(locality);
    Objects.requireNonNull(health);
    Objects.requireNonNull(source);
    ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    if (weight < 1) {
      throw new IllegalArgumentException("weight " + weight + " is below 1");
    }
  }

  /** Whether this instance carries all of {@code wanted}. */
  public boolean hasLabels(Map<String, String> wanted) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }

  @Override
  public int compareTo(Endpoint other) {
    return ORDER.compare(this, other);
  }
}
