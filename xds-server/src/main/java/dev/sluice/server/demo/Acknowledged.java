package dev.sluice.server.demo;

import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.Refusal;
import dev.sluice.server.status.SyncState;
import dev.sluice.server.status.TypeStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the demo's proxy has acknowledged, at one moment.
 *
 * @param software what the proxy says it is, such as {@code envoy 1.40.0}; empty when none is
 *     connected
 * @param synced whether it has acknowledged the newest of everything
 * @param versions every resource with the version that is in force; equal as long as nothing
 *     changes
 * @param states each type with its state, such as {@code clusters SYNCED}
 * @param refusal the proxy's own words where it refused something
 */
record Acknowledged(
    String software,
    boolean synced,
    String versions,
    List<String> states,
    Optional<String> refusal) {
  private static final Acknowledged NOTHING =
      new Acknowledged("", false, "", List.of(), Optional.empty());

  Acknowledged {
    states = List.copyOf(states);
  }

  static Acknowledged of(List<ProxyStatus> proxies) {
    return proxies.isEmpty() ? NOTHING : of(proxies.getFirst());
  }

  private static Acknowledged of(ProxyStatus proxy) {
    List<TypeStatus> types = proxy.types();
    return new Acknowledged(
        proxy.software(),
        !types.isEmpty() && proxy.synced(),
        types.stream().map(Acknowledged::versions).collect(Collectors.joining(";")),
        types.stream()
            .filter(type -> type.state() != SyncState.NOT_SENT)
            .map(type -> type.type() + " " + type.state())
            .toList(),
        types.stream()
            .flatMap(type -> type.refusal().stream())
            .map(Acknowledged::words)
            .findFirst());
  }

  private static String versions(TypeStatus type) {
    return type.inUse().entrySet().stream()
        .map(resource -> resource.getKey() + "=" + resource.getValue())
        .collect(Collectors.joining(",", type.type() + ":", ""));
  }

  private static String words(Refusal refusal) {
    return refusal.message() + " " + refusal.causes();
  }
}
