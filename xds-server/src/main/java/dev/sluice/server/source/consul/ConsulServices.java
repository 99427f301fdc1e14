package dev.sluice.server.source.consul;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.consul.ConsulSource.Options;
import dev.sluice.server.source.consul.Instance.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** The services of a data centre, redoing only what changed; of the source's thread. */
final class ConsulServices {
  private static final String NAMELESS = "";

  private final SourceName source;
  private final Options options;
  private final Outage outage;
  private final Restored restored;
  private final SortedSet<String> names = new TreeSet<>();
  private final Map<String, Instances> answered = new HashMap<>();
  private final Map<String, List<Instance>> before = new HashMap<>();
  private final Map<ServiceId, Service> told = new HashMap<>();
  private final Set<String> touched = new TreeSet<>();
  private long lookedAt;

  ConsulServices(SourceName source, Options options, long at) {
    this.source = source;
    this.options = options;
    this.outage = new Outage(options.holdEmpty());
    this.restored = new Restored(options.holdEmpty());
    this.lookedAt = at;
  }

  /** These are registered, and no others. */
  void names(Collection<String> now) {
    Set<String> gone = new HashSet<>(names);
    gone.removeAll(now);
    for (String name : gone) {
      names.remove(name);
      answered.remove(name);
      before.remove(name);
      outage.forget(name);
      touched.add(name);
    }
    names.addAll(now); // Each is told once its instances are known.
  }

  /** These are registered or not, but nobody wants them: there is nothing to doubt about them. */
  void unwanted(Collection<String> unwanted) {
    unwanted.forEach(restored::forget);
  }

  /** Consul knows less than it did: what is missing from now on is doubtful. */
  void wentBackwards(long at) {
    Map<String, List<Instance>> known = new HashMap<>();
    answered.forEach((name, instances) -> known.put(name, instances.all()));
    restored.begin(known, at);
  }

  /** Consul knows less of a service; its answer may come before that of the names. */
  void wentBackwards(String name, long at) {
    Instances known = answered.get(name);
    if (known != null) {
      restored.begin(name, known.all(), at);
    }
  }

  /** A service has these instances now. */
  void instances(String name, Instances instances) {
    Instances last = answered.put(name, instances);
    if (last != null) {
      before.put(name, last.all());
    }
    touched.add(name);
  }

  /**
   * What became of the services since the last time.
   *
   * @param at in the time of {@link System#nanoTime}
   * @return each that differs from what was told, empty where it is gone
   */
  Map<ServiceId, Optional<Service>> take(long at) {
    touched.addAll(outage.due(lookedAt, at));
    touched.addAll(restored.end(at));
    lookedAt = at;
    Map<ServiceId, Optional<Service>> changed = new HashMap<>();
    for (String name : touched) {
      ServiceId id = new ServiceId(name, options.namespace());
      Optional<Service> now = service(id, name, at);
      Service last = told.get(id);
      if (!Objects.equals(last, now.orElse(null))) {
        now.ifPresentOrElse(it -> told.put(id, it), () -> told.remove(id));
        changed.put(id, now);
      }
    }
    touched.clear();
    return changed;
  }

  private Optional<Service> service(ServiceId id, String name, long at) {
    Instances known = answered.get(name);
    List<Instance> now = known == null ? List.of() : known.all();
    List<Instance> sure = outage.doubt(name, before.getOrDefault(name, now), now, at);
    before.remove(name);
    List<Instance> all = restored.with(name, sure);
    if (!names.contains(name) && all.isEmpty()) {
      return Optional.empty();
    }
    int number =
        all.stream().flatMapToInt(one -> one.servicePort().stream()).min().orElse(options.port());
    ServicePort port =
        new ServicePort(
            NAMELESS,
            number,
            all.stream().flatMap(one -> one.protocol().stream()).min(Enum::compareTo).orElse(null));
    return Optional.of(new Service(id, List.of(port), endpoints(all)));
  }

  /** An instance that restarted may be registered twice: of one address the readier word counts. */
  private List<Endpoint> endpoints(List<Instance> instances) {
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    for (Instance one : instances) {
      endpoints.merge(
          one.address() + " " + one.port(),
          endpoint(one),
          (first, later) -> later.health().compareTo(first.health()) < 0 ? later : first);
    }
    return List.copyOf(endpoints.values());
  }

  private Endpoint endpoint(Instance instance) {
    SortedMap<String, Integer> ports = new TreeMap<>();
    ports.put(NAMELESS, instance.port());
    return new Endpoint(
        instance.address(),
        ports,
        instance.labels(),
        instance.weight(),
        instance.locality(),
        instance.state() == State.PASSING ? Health.HEALTHY : Health.UNHEALTHY,
        source);
  }

  /** The services that have an instance on a machine. */
  List<String> on(String node) {
    return answered.entrySet().stream()
        .filter(it -> it.getValue().all().stream().anyMatch(one -> one.node().equals(node)))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether a service of that name was told. */
  boolean has(ServiceId id) {
    return told.containsKey(id);
  }

  /** What is to be said of single services, by their names. */
  SortedMap<String, List<String>> doubts(long at, long wallMillis) {
    SortedMap<String, List<String>> words = new TreeMap<>();
    answered.forEach((name, instances) -> add(words, name, instances.wrong()));
    outage
        .held(at)
        .forEach(
            (name, until) ->
                add(
                    words,
                    name,
                    List.of(
                        "all its instances became critical within %s; those that passed stay until %s (holdEmpty)"
                            .formatted(seconds(Outage.AT_ONCE), time(until, at, wallMillis)))));
    restored
        .kept()
        .forEach(
            (name, kept) ->
                add(
                    words,
                    name,
                    List.of(
                        "Consul's index went backwards and it knows %d fewer instances; these stay until %s (holdEmpty)"
                            .formatted(kept.count(), time(kept.until(), at, wallMillis)))));
    return words;
  }

  private static void add(Map<String, List<String>> words, String name, List<String> more) {
    if (!more.isEmpty()) {
      words.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(more);
    }
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + "s";
  }

  /** To the second, so that it is one problem and not one more at each look. */
  private static String time(long until, long at, long wallMillis) {
    long second = Math.round(wallMillis / 1000.0 + (until - at) / 1e9);
    return Instant.ofEpochSecond(second).toString();
  }

  /** When to look again though nothing arrives. */
  OptionalLong next(long at) {
    return LongStream.concat(outage.next(at).stream(), restored.until().stream()).min();
  }
}
