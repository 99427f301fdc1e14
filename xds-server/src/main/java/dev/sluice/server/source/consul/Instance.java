package dev.sluice.server.source.consul;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Protocol;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One registered instance.
 *
 * @param node the machine
 * @param id unique on the machine
 * @param address an IP literal
 * @param weight share among its peers, at least 1
 * @param servicePort the number that callers dial, where its metadata say so
 * @param protocol what it speaks, where its metadata say so
 */
record Instance(
    String node,
    String id,
    String address,
    int port,
    SortedMap<String, String> labels,
    int weight,
    Locality locality,
    State state,
    OptionalInt servicePort,
    Optional<Protocol> protocol) {
  /** What its checks say. */
  enum State {
    /** All of them pass or warn. */
    PASSING,
    /** One of them is critical. */
    CRITICAL,
    /** It, or its machine, is in maintenance, or its weight is 0: somebody wants it so. */
    OUT
  }

  /** What an instance is known by while it is registered. */
  record Key(String node, String id) {}

  Instance {
    Objects.requireNonNull(node);
    Objects.requireNonNull(id);
    Objects.requireNonNull(address);
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    Objects.requireNonNull(locality);
    Objects.requireNonNull(state);
    Objects.requireNonNull(servicePort);
    Objects.requireNonNull(protocol);
  }

  Key key() {
    return new Key(node, id);
  }

  Instance in(State other) {
    return new Instance(
        node, id, address, port, labels, weight, locality, other, servicePort, protocol);
  }
}
