package dev.sluice.server.overrides;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectiveBackend.Member;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.InstanceOverride.State;
import dev.sluice.spec.StaticAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An instance as one port of a service is called there.
 *
 * @param address where it is called
 * @param labels what its source says of it
 * @param health the same
 */
record Called(StaticAddress address, SortedMap<String, String> labels, Health health) {
  /** The instances that calls to a port of a service go to. */
  static List<Called> of(Service service, EffectivePolicy port) {
    List<Called> called = new ArrayList<>();
    port.backends().stream()
        .flatMap(backend -> backend.members().stream())
        .forEach((Member it) -> called.add(new Called(it.address(), it.labels(), it.health())));
    if (port.backends().isEmpty()) {
      for (Endpoint it : service.endpoints()) {
        Integer number = it.ports().get(port.port().name());
        if (number != null) {
          called.add(new Called(new StaticAddress(it.address(), number), it.labels(), it.health()));
        }
      }
    }
    return called;
  }

  /** Whether it gets requests, by these overrides of its service. */
  boolean takes(Collection<InstanceOverride> overrides) {
    Optional<State> first =
        overrides.stream()
            .filter(it -> isMeant(it.spec().match()))
            .map(it -> it.spec().state())
            .filter(Objects::nonNull)
            .sorted()
            .findFirst();
    return first.map(state -> state == State.IN).orElse(health == Health.HEALTHY);
  }

  boolean isMeant(Match match) {
    return EffectiveOverride.isAbout(match, address, labels);
  }
}
