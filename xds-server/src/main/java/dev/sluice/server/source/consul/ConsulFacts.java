package dev.sluice.server.source.consul;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.consul.ConsulAnswer;
import dev.sluice.server.demand.Wants;
import dev.sluice.server.source.Observed;
import dev.sluice.server.source.ToldEntries;
import dev.sluice.server.source.consul.ConsulSource.Options;
import dev.sluice.server.source.consul.Reply.Check;
import dev.sluice.server.source.consul.Subject.ChecksIn;
import dev.sluice.server.source.consul.Subject.Keys;
import dev.sluice.server.source.consul.Subject.Leader;
import dev.sluice.server.source.consul.Subject.Names;
import dev.sluice.server.source.consul.Subject.OfService;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.ServiceKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a data centre amounts to, and what of it is to be told; of the source's thread. */
final class ConsulFacts {
  /** A name is a host's, and Consul takes any: {@code *} would be every host that has no other. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private static final List<ChecksIn> NOT_PASSING =
      List.of(new ChecksIn("critical"), new ChecksIn("warning"));

  private final SourceName source;
  private final Options options;
  private final ConsulServices services;
  private final ConsulDocuments documents;
  private final Map<ChecksIn, Set<Check>> notPassing = new HashMap<>();
  private Map<String, List<String>> registered = Map.of();
  private Optional<Wants> wants = Optional.empty();
  private final SortedSet<String> names = new TreeSet<>();
  private final Set<String> hidden = new HashSet<>();
  private final SortedSet<String> unusable = new TreeSet<>();
  private boolean otherSubjects;
  private final ToldEntries told = new ToldEntries();

  ConsulFacts(SourceName source, Options options, DocumentReader reader, long at) {
    this.source = source;
    this.options = options;
    this.services = new ConsulServices(source, options, at);
    this.documents = new ConsulDocuments(source, reader, options.holdEmpty());
  }

  /** Whether {@link #subjects} may differ from what it was when it was asked for last. */
  boolean hasOtherSubjects() {
    return otherSubjects;
  }

  /** What is to be asked about, given what is known. */
  List<Subject> subjects() {
    otherSubjects = false;
    List<Subject> subjects = new ArrayList<>(List.of(new Leader(), new Names()));
    options.policies().ifPresent(prefix -> subjects.add(new Keys(prefix)));
    if (names.size() > options.connections()) {
      subjects.addAll(NOT_PASSING);
    }
    names.forEach(name -> subjects.add(new OfService(name)));
    return subjects;
  }

  /**
   * Takes an answer.
   *
   * @param backwards whether Consul's index went backwards with it
   * @return the services that it shows to have changed
   * @throws IOException when it cannot be read; then nothing has changed
   */
  List<OfService> take(
      Subject subject, ConsulAnswer answer, boolean backwards, long at, Instant wall)
      throws IOException {
    byte[] body = answer.body();
    switch (subject) {
      case Leader _ -> {}
      case Names _ -> names(Reply.names(body), answer.filtered(), backwards, at);
      case OfService(String name) -> {
        Instances instances = Instances.of(Reply.entries(body), options.addresses());
        if (backwards) {
          services.wentBackwards(name, at);
        }
        services.instances(name, instances);
        if (hidden.contains(name) && instances.isNothing() && !answer.filtered()) {
          hidden.remove(name);
          names.remove(name);
          services.names(names);
          otherSubjects = true;
        }
      }
      case ChecksIn state -> {
        return changed(state, new HashSet<>(Reply.checks(body)));
      }
      case Keys _ -> documents.keys(Reply.keys(body), backwards, at, wall);
    }
    return List.of();
  }

  private void names(
      Map<String, List<String>> registered, boolean filtered, boolean backwards, long at) {
    if (backwards) {
      services.wentBackwards(at);
    }
    hidden.clear();
    if (filtered) {
      // What is missing may be hidden from the token; its own answer tells, by being empty.
      names.stream().filter(name -> !registered.containsKey(name)).forEach(hidden::add);
    }
    this.registered = registered;
    choose();
  }

  /** Of the services that are registered, only these are wanted by anybody. */
  void want(Wants now) {
    if (!wants.equals(Optional.of(now))) {
      wants = Optional.of(now);
      choose();
    }
  }

  private void choose() {
    otherSubjects = true;
    services.unwanted(names.stream().filter(name -> !isWanted(name)).toList());
    hidden.removeIf(name -> !isWanted(name));
    names.clear();
    names.addAll(hidden);
    unusable.clear();
    registered.forEach(
        (name, tags) -> {
          if (options.services().isWanted(name, tags) && isWanted(name)) {
            (NAME.matcher(name).matches() ? names : unusable).add(name);
          }
        });
    services.names(names);
  }

  private boolean isWanted(String name) {
    return wants.map(it -> it.has(new ServiceId(name, options.namespace()))).orElse(true);
  }

  /** The documents as they are to be told. */
  List<Document> documents() {
    return documents.told().stream()
        .flatMap(one -> one instanceof OfDocument(Document it) ? Stream.of(it) : Stream.empty())
        .toList();
  }

  private List<OfService> changed(ChecksIn state, Set<Check> now) {
    Set<Check> before = notPassing.put(state, now);
    if (before == null) {
      return List.of(); // All services are read anyway.
    }
    Set<Check> differing = new HashSet<>(now);
    differing.removeIf(before::contains);
    before.stream().filter(check -> !now.contains(check)).forEach(differing::add);
    Set<String> concerned = new TreeSet<>();
    for (Check check : differing) {
      if (check.serviceName().isEmpty()) {
        concerned.addAll(services.on(check.node()));
      } else {
        concerned.add(check.serviceName());
      }
    }
    return concerned.stream().map(OfService::new).toList();
  }

  /** What differs from what was told; counts as told from here on. */
  List<SourceUpdate> updates(long at) {
    Map<SourceEntry.Key, Optional<? extends SourceEntry>> changed = new LinkedHashMap<>();
    for (SourceUpdate update : documents.take(at)) {
      switch (update) {
        case Upsert(SourceEntry entry) -> changed.put(entry.key(), Optional.of(entry));
        case Remove(SourceEntry.Key key) -> changed.put(key, Optional.empty());
        case Replace _, Synced _ -> throw new IllegalStateException("documents tell changes only");
      }
    }
    Map<ServiceId, Optional<Service>> registered = services.take(at);
    // A registered service counts before a StaticService of its name.
    changed.keySet().removeIf(key -> key instanceof ServiceKey(ServiceId id) && services.has(id));
    registered.forEach(
        (id, service) -> {
          ServiceKey key = new ServiceKey(id);
          Optional<SourceEntry> own = service.map(SourceEntry.OfService::new);
          changed.put(key, own.or(() -> documents.told(key)));
        });
    return told.updates(changed);
  }

  /** Everything that was told. */
  List<SourceEntry> told() {
    return told.all();
  }

  /** What is wrong with documents, and what is doubted or left out of services. */
  List<Problem> problems(long at, Instant wall) {
    List<Problem> problems = new ArrayList<>(documents.problems());
    services
        .doubts(at, wall.toEpochMilli())
        .forEach((name, words) -> words.forEach(one -> problems.add(warning(name, one))));
    unusable.forEach(
        name ->
            problems.add(
                warning(
                    name,
                    name.contains(".")
                        ? "its name has a dot, so it is left out; rename it"
                        : "its name has more than letters, digits, - and _, so it is left out;"
                            + " rename it")));
    for (SourceEntry entry : documents.told()) {
      if (entry instanceof SourceEntry.OfService(Service described)
          && services.has(described.id())) {
        problems.add(
            warning(
                described.id().name(),
                "it is registered and a StaticService too, which does not count; rename the"
                    + " StaticService"));
      }
    }
    return problems;
  }

  private Problem warning(String service, String message) {
    return Problem.warning(Location.ofFile(source + "/services/" + service), "$", message);
  }

  /** What each key holds, whether it is good or not; another map after each change. */
  SortedMap<String, Observed> observed() {
    return documents.observed();
  }

  /** When to look again though nothing arrives. */
  OptionalLong next(long at) {
    return LongStream.concat(services.next(at).stream(), documents.next().stream()).min();
  }
}
