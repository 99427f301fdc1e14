package dev.sluice.server.overrides;

import dev.sluice.catalog.Endpoint;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.StaticAddress;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An instance of a service, all its ports.
 *
 * @param ip an IP literal
 * @param ports where it listens
 * @param labels what its source says of it
 */
record Instance(String ip, SortedSet<Integer> ports, SortedMap<String, String> labels)
    implements Comparable<Instance> {
  Instance {
    Objects.requireNonNull(ip);
    ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  static Instance of(Endpoint endpoint) {
    return new Instance(
        endpoint.address(), new TreeSet<>(endpoint.ports().values()), endpoint.labels());
  }

  Optional<String> pod() {
    return Optional.ofNullable(labels.get(Endpoint.POD_LABEL));
  }

  /**
   * What a document says that is about it alone: a pod by its name, since another may get its
   * address; else its address, with the port where it has one.
   */
  Match match() {
    return pod()
        .map(name -> new Match(null, name, new TreeMap<>()))
        .orElseGet(
            () ->
                new Match(
                    ports.size() == 1 ? new StaticAddress(ip, ports.first()).toString() : ip,
                    null,
                    new TreeMap<>()));
  }

  boolean isMeant(Match match) {
    return ports.isEmpty()
        ? EffectiveOverride.isAbout(match, new StaticAddress(ip, 0), labels)
        : ports.stream()
            .anyMatch(
                port -> EffectiveOverride.isAbout(match, new StaticAddress(ip, port), labels));
  }

  @Override
  public int compareTo(Instance other) {
    return shown().compareTo(other.shown());
  }

  /** As {@code get services -o wide} shows it, and its pod. */
  @Override
  public String toString() {
    return pod().map(name -> shown() + " (pod " + name + ")").orElse(shown());
  }

  private String shown() {
    String host = ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
    String numbers = ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    return ports.isEmpty() ? ip : host + ":" + numbers;
  }
}
