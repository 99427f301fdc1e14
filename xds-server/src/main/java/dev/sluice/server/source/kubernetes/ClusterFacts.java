package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.server.source.Observed;
import dev.sluice.server.source.StaticServices;
import dev.sluice.server.source.ToldEntries;
import dev.sluice.server.source.kubernetes.ClusterServices.Kinds;
import dev.sluice.server.source.kubernetes.Touched.Batch;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceEntry.OfSecret;
import dev.sluice.source.SourceEntry.OfService;
import dev.sluice.source.SourceEntry.SecretKey;
import dev.sluice.source.SourceEntry.ServiceKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.NamedSecrets;
import dev.sluice.spec.StaticService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a cluster amounts to, and what of it is to be told; of the source's thread. */
final class ClusterFacts implements AutoCloseable {
  private final SourceName source;
  private final ClusterWatches watches;
  private final Duration holdEmpty;
  private Kinds kinds;
  private ClusterServices services;
  private final Map<Kind, Watched<DocumentText>> documentKinds;
  private final ClusterDocuments documents;
  private final ClusterSecrets secrets;
  private final ToldEntries told = new ToldEntries();

  ClusterFacts(
      SourceName source, ClusterWatches watches, DocumentReader reader, Duration holdEmpty) {
    this.source = source;
    this.watches = watches;
    this.holdEmpty = holdEmpty;
    this.kinds = watches.services();
    this.services = new ClusterServices(source, kinds, holdEmpty);
    this.documentKinds = watches.documents();
    this.documents = new ClusterDocuments(source.name(), reader, documentKinds);
    this.secrets = new ClusterSecrets(source.name(), watches::secret);
  }

  /** What differs from what was told; counts as told from here on. */
  List<SourceUpdate> take(Batch batch, long now, Instant wall) {
    if (!kinds.slices().isListed()
        && kinds.slices().failure().filter(Failure::isUnknownKind).isPresent()) {
      kinds = watches.withEndpoints(kinds);
      services = new ClusterServices(source, kinds, holdEmpty);
      services.lookAgain(watches);
    }
    Map<SourceEntry.Key, Optional<? extends SourceEntry>> changed = new LinkedHashMap<>();
    Map<DocumentKey, Optional<Document>> changedDocuments = documents.take(batch);
    Set<ServiceId> changedServices = new LinkedHashSet<>();
    services
        .take(batch, now)
        .forEach(
            (id, service) -> {
              changedServices.add(id);
              changed.put(new ServiceKey(id), service.map(OfService::new));
            });
    changedDocuments.forEach(
        (key, document) -> changed.put(new OfDocumentKey(key), document.map(OfDocument::new)));
    staticServices(changedDocuments.keySet(), changedServices, changed);
    if (!changedDocuments.isEmpty()) {
      secrets.want(namedSecrets()).forEach(id -> changed.put(new SecretKey(id), Optional.empty()));
    }
    secrets
        .take(batch, wall)
        .forEach((id, secret) -> changed.put(new SecretKey(id), secret.map(OfSecret::new)));
    return told.updates(changed);
  }

  /** Has everything looked at once more: after a failure it is not known what was. */
  void lookAgain() {
    List<SourceEntry> all = new ArrayList<>();
    services.told().values().forEach(service -> all.add(new OfService(service)));
    documents.good().values().forEach(document -> all.add(new OfDocument(document)));
    secrets.told().values().forEach(secret -> all.add(new OfSecret(secret)));
    for (DocumentKey key : documents.good().keySet()) {
      ServiceId id = new ServiceId(key.name(), key.namespace());
      if (key.kind() == Kind.STATIC_SERVICE && !services.has(id)) {
        staticService(id).ifPresent(it -> all.add(new OfService(it)));
      }
    }
    told.replace(all);
    services.lookAgain(watches);
    documentKinds.forEach((kind, watched) -> watches.lookAgain(watched, documents.names(kind)));
    secrets.lookAgain(watches);
  }

  /** A StaticService makes a service where the cluster has no Service of that name. */
  private void staticServices(
      Set<DocumentKey> changedDocuments,
      Set<ServiceId> changedServices,
      Map<SourceEntry.Key, Optional<? extends SourceEntry>> changed) {
    Set<ServiceId> concerned = new TreeSet<>(changedServices);
    changedDocuments.stream()
        .filter(key -> key.kind() == Kind.STATIC_SERVICE)
        .forEach(key -> concerned.add(new ServiceId(key.name(), key.namespace())));
    for (ServiceId id : concerned) {
      if (!services.has(id)) {
        changed.put(new ServiceKey(id), staticService(id).map(OfService::new));
      }
    }
  }

  private Optional<Service> staticService(ServiceId id) {
    DocumentKey key = new DocumentKey(Kind.STATIC_SERVICE, id.namespace(), id.name());
    return documents.good().get(key) instanceof StaticService document
        ? Optional.of(StaticServices.service(document, source))
        : Optional.empty();
  }

  private Set<SecretId> namedSecrets() {
    Set<SecretId> named = new TreeSet<>();
    for (Document document : documents.good().values()) {
      String namespace = document.metadata().namespace();
      NamedSecrets.of(document).forEach(name -> named.add(new SecretId(name, namespace)));
    }
    return named;
  }

  /** Everything that was told. */
  List<SourceEntry> told() {
    return told.all();
  }

  /** Every document as the cluster has it, by its key's text. */
  SortedMap<String, Observed> observed() {
    return documents.observed();
  }

  /** How rollouts stand as the cluster has it. */
  SortedMap<DocumentKey, String> rollouts() {
    return documents.rollouts();
  }

  /** Whether everything was listed once, so that what is not known is not there. */
  boolean isListed() {
    return watched().allMatch(one -> one.isListed() || mayBeMissing(one)) && secrets.isListed();
  }

  /** What has to be current; secrets are watched one by one, and tell of themselves. */
  Stream<Watched<?>> watched() {
    return Stream.concat(kinds.all().stream(), documentKinds.values().stream());
  }

  /** Whether it can be done without: localities of nodes, and kinds that are not installed. */
  boolean mayBeMissing(Watched<?> kind) {
    Optional<Failure> failure = kind.failure();
    boolean node = kind.equals(kinds.nodes()) && failure.filter(Failure::isForbidden).isPresent();
    boolean document = documentKinds.containsValue(kind);
    return node || (document && failure.filter(Failure::isUnknownKind).isPresent());
  }

  /** What is wrong with the cluster's documents and secrets, and what is done without. */
  List<Problem> problems(long now, Instant wall) {
    List<Problem> problems = new ArrayList<>(documents.problems());
    problems.addAll(secrets.problems(wall));
    watched()
        .filter(this::mayBeMissing)
        .flatMap(kind -> kind.failure().stream())
        .map(failure -> warning("kubernetes/" + source.name(), failure.message()))
        .distinct()
        .forEach(problems::add);
    services.held().forEach((id, until) -> problems.add(held(id, until - now, wall)));
    documents.good().keySet().stream()
        .filter(key -> key.kind() == Kind.STATIC_SERVICE)
        .filter(key -> services.has(new ServiceId(key.name(), key.namespace())))
        .forEach(key -> problems.add(hidden(key)));
    return problems;
  }

  private Problem held(ServiceId id, long nanos, Instant wall) {
    // To the second, so that it is one problem and not one more at each look.
    long until = Math.round(wall.toEpochMilli() / 1000.0 + nanos / 1e9);
    return warning(
        place("services", id.namespace(), id.name()),
        "a new list of the API server shows no instances, of a service that had ready ones; these"
            + " stay until "
            + Instant.ofEpochSecond(until)
            + " (holdEmpty)");
  }

  private Problem hidden(DocumentKey key) {
    return warning(
        place(Definitions.plural(key.kind().toString()), key.namespace(), key.name()),
        "the cluster has a Service of that name, which counts; rename the StaticService");
  }

  private String place(String plural, String namespace, String name) {
    return "kubernetes/%s/%s/%s/%s".formatted(source.name(), plural, namespace, name);
  }

  private static Problem warning(String place, String message) {
    return Problem.warning(Location.ofFile(place), "$", message);
  }

  /** When to look again though nothing changes. */
  long next(long now) {
    return services.next().orElse(now + TimeUnit.HOURS.toNanos(1));
  }

  /** Looks after watches that say nothing. */
  void check(long now) {
    Stream.concat(watched(), secrets.watches().stream()).forEach(one -> one.check(now));
  }

  @Override
  public void close() {
    watched().forEach(Watched::close);
    secrets.close();
  }
}
