package dev.sluice.server.overrides;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectiveBackend.Member;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import dev.sluice.policy.parse.Nearest;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.InstanceOverride.State;
import dev.sluice.spec.StaticAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The instances of a service: those that its sources tell, and those that its policy's backends
 * name.
 */
final class Instances {
  private static final int SHOWN = 5;

  private final Service service;
  private final List<EffectivePolicy> ports;
  private final SortedSet<Instance> all = new TreeSet<>();

  Instances(Service service, List<EffectivePolicy> ports) {
    this.service = service;
    this.ports = List.copyOf(ports);
    service.endpoints().forEach(endpoint -> all.add(Instance.of(endpoint)));
    for (EffectivePolicy port : ports) {
      if (!port.backends().isEmpty()) {
        called(port).forEach(one -> add(one));
      }
    }
  }

  /** One that a backend brings is known already where a source tells of it for this service. */
  private void add(Called one) {
    Instance instance =
        new Instance(
            one.address().ip(), new TreeSet<>(List.of(one.address().port())), one.labels());
    boolean known =
        all.stream()
            .anyMatch(
                it -> it.ip().equals(instance.ip()) && it.ports().containsAll(instance.ports()));
    if (!known) {
      all.add(instance);
    }
  }

  /** An instance as one port of the service is called there. */
  private record Called(StaticAddress address, SortedMap<String, String> labels, Health health) {
    boolean takes(Collection<InstanceOverride> overrides) {
      Optional<State> first =
          overrides.stream()
              .filter(it -> EffectiveOverride.isAbout(it.spec().match(), address, labels))
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

  private List<Called> called(EffectivePolicy port) {
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

  /** Those that a name means; none where it is not known. */
  List<Instance> meant(InstanceName name) {
    return all.stream()
        .filter(
            it ->
                switch (name) {
                  case InstanceName.Pod(String pod) -> it.pod().filter(pod::equals).isPresent();
                  case InstanceName.At at -> at.isAt(it.ip()) && it.ports().containsAll(at.ports());
                })
        .toList();
  }

  /** Those that a document is about. */
  List<Instance> meant(Match match) {
    return all.stream().filter(it -> it.isMeant(match)).toList();
  }

  /**
   * What a document says of the instance of that name; empty where it is not known.
   *
   * @throws RefusedException when it means several, of which no document says all
   */
  Optional<Match> match(InstanceName name) {
    List<Instance> meant = meant(name);
    if (meant.isEmpty()) {
      return Optional.empty();
    }
    Instance first = meant.getFirst();
    boolean onePod =
        first.pod().isPresent() && meant.stream().allMatch(it -> it.pod().equals(first.pod()));
    if (!onePod && name instanceof InstanceName.At(String ip, SortedSet<Integer> some)) {
      boolean part = !some.isEmpty() && some.size() < first.ports().size();
      if (part && some.size() > 1) {
        throw new RefusedException(
            Why.WRONG,
            "%s has the ports %s; name all of them, or none, or one".formatted(ip, first.ports()));
      }
      if (part) {
        return Optional.of(address(new StaticAddress(first.ip(), some.first()).toString()));
      }
    }
    return Optional.of(meant.size() == 1 || onePod ? first.match() : address(first.ip()));
  }

  private static Match address(String text) {
    return new Match(text, null, Collections.emptySortedMap());
  }

  /** That there is none of that name, and which there are. */
  RefusedException unknown(String name) {
    List<String> known =
        all.stream()
            .sorted(Comparator.comparingInt((Instance it) -> distance(name, it)))
            .limit(SHOWN)
            .map(Instance::toString)
            .toList();
    String there =
        known.isEmpty()
            ? "it has none"
            : "there are "
                + String.join(", ", known)
                + (all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "");
    return new RefusedException(
        Why.UNKNOWN, "no instance \"%s\" of %s is known; %s".formatted(name, service.id(), there));
  }

  private static int distance(String name, Instance instance) {
    int byAddress = Nearest.distance(name, instance.ip());
    return instance
        .pod()
        .map(pod -> Math.min(byAddress, Nearest.distance(name, pod)))
        .orElse(byAddress);
  }

  /** What nobody would serve any more, in words; empty where all is served as before. */
  List<String> unserved(Match match, Collection<InstanceOverride> overrides) {
    return ports.stream()
        .filter(port -> isLast(match, called(port), overrides))
        .map(
            port -> service.id() + (ports.size() > 1 ? " at its port " + port.port().number() : ""))
        .toList();
  }

  /** The versions that would have no instance left, though the service has. */
  SortedSet<String> emptied(Match match, Collection<InstanceOverride> overrides) {
    return ports.stream()
        .flatMap(
            port ->
                port.versions().stream()
                    .filter(version -> isLast(match, of(version, port), overrides))
                    .map(EffectiveVersion::name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<Called> of(EffectiveVersion version, EffectivePolicy port) {
    Map<String, String> wanted = version.labels();
    return called(port).stream()
        .filter(it -> it.labels().entrySet().containsAll(wanted.entrySet()))
        .toList();
  }

  private static boolean isLast(
      Match match, List<Called> called, Collection<InstanceOverride> overrides) {
    List<Called> taking = called.stream().filter(it -> it.takes(overrides)).toList();
    return !taking.isEmpty() && taking.stream().allMatch(it -> it.isMeant(match));
  }
}
