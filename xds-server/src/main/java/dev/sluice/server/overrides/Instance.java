package dev.sluice.server.overrides;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.IpLiteral;
import dev.sluice.spec.StaticAddress;
import java.util.Collection;
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
 * @param source who told of it; empty for a policy
 */
record Instance(
    String ip,
    SortedSet<Integer> ports,
    SortedMap<String, String> labels,
    Optional<SourceName> source)
    implements Comparable<Instance> {
  Instance {
    Objects.requireNonNull(ip);
    Objects.requireNonNull(source);
    ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  static Instance of(Endpoint endpoint) {
    return new Instance(
        endpoint.address(),
        new TreeSet<>(endpoint.ports().values()),
        endpoint.labels(),
        Optional.of(endpoint.source()));
  }

  Optional<String> pod() {
    return Optional.ofNullable(labels.get(Endpoint.POD_LABEL));
  }

  /** Whether all are the one pod that this is: two clusters may have pods of one name. */
  boolean isSamePod(Collection<Instance> others) {
    return pod().isPresent()
        && others.stream().allMatch(it -> it.pod().equals(pod()) && it.source().equals(source));
  }

  /** What a document says of a pod: another one may get its address. */
  Optional<Match> byPod() {
    return pod().map(name -> new Match(null, name, new TreeMap<>()));
  }

  /** What a document says of a machine: its address, with the port where it has one. */
  Match byAddress() {
    return new Match(
        ports.size() == 1 ? new StaticAddress(ip, ports.first()).toString() : ip,
        null,
        new TreeMap<>());
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
    String numbers = ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    return ports.isEmpty() ? ip : IpLiteral.asHost(ip) + ":" + numbers;
  }
}
