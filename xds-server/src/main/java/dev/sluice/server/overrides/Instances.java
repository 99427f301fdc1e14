package dev.sluice.server.overrides;

import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectiveBackend.Member;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import dev.sluice.problem.Nearest;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.StaticAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
      port.backends().forEach(backend -> backend.members().forEach(this::add));
    }
  }

  /** One that a backend brings is known already where a source tells of it for this service. */
  private void add(Member one) {
    Instance instance =
        new Instance(
            one.address().ip(),
            new TreeSet<>(List.of(one.address().port())),
            one.labels(),
            Optional.ofNullable(one.source()));
    boolean known =
        all.stream()
            .anyMatch(
                it -> it.ip().equals(instance.ip()) && it.ports().containsAll(instance.ports()));
    if (!known) {
      all.add(instance);
    }
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
   * What a document says of the instance of that name, or of all that have it; empty where it is
   * not known.
   *
   * @throws RefusedException when no document says it
   */
  Optional<Match> match(InstanceName name) {
    List<Instance> meant = meant(name);
    if (meant.isEmpty()) {
      return Optional.empty();
    }
    Instance first = meant.getFirst();
    Optional<Match> pod = first.byPod().filter(it -> first.isSamePod(meant(it)));
    if (pod.isPresent() && first.isSamePod(meant)) {
      return pod;
    }
    return Optional.of(
        switch (name) {
          case InstanceName.Pod(String text) when meant.size() > 1 ->
              new Match(null, text, Collections.emptySortedMap());
          case InstanceName.At(String ip, SortedSet<Integer> some) when !some.isEmpty() ->
              atPorts(ip, some, meant);
          case InstanceName.Pod _, InstanceName.At _ ->
              meant.size() == 1 ? first.byAddress() : address(first.ip());
        });
  }

  private static Match atPorts(String ip, SortedSet<Integer> some, List<Instance> meant) {
    Instance first = meant.getFirst();
    boolean part = some.size() < first.ports().size();
    if (part && some.size() > 1) {
      throw new RefusedException(
          Why.WRONG,
          "%s has the ports %s; name all of them, or none, or one".formatted(ip, first.ports()));
    }
    if (part) {
      return address(new StaticAddress(first.ip(), some.first()).toString());
    }
    return meant.size() == 1 ? first.byAddress() : address(first.ip());
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

  /** Where those that a document is about are called. */
  Set<StaticAddress> addresses(Match match) {
    Set<StaticAddress> addresses = new HashSet<>();
    for (Instance it : meant(match)) {
      for (int port : it.ports()) {
        StaticAddress address = new StaticAddress(it.ip(), port);
        if (EffectiveOverride.isAbout(match, address, it.labels())) {
          addresses.add(address);
        }
      }
    }
    return addresses;
  }

  /** What nobody would serve any more, in words; empty where all is served as before. */
  List<String> unserved(Match match, Collection<InstanceOverride> overrides) {
    return ports.stream()
        .filter(port -> isLast(match, Called.of(service, port), overrides))
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
    return Called.of(service, port).stream()
        .filter(it -> it.labels().entrySet().containsAll(wanted.entrySet()))
        .toList();
  }

  private static boolean isLast(
      Match match, List<Called> called, Collection<InstanceOverride> overrides) {
    List<Called> taking = called.stream().filter(it -> it.takes(overrides)).toList();
    return !taking.isEmpty() && taking.stream().allMatch(it -> it.isMeant(match));
  }
}
