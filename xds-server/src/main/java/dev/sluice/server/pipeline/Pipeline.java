package dev.sluice.server.pipeline;

import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.policy.attach.Rolled;
import dev.sluice.problem.Problem;
import dev.sluice.secret.Secrets;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.catalog.CatalogListener;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import dev.sluice.spec.Resilience;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns each change of the catalog into the next snapshots of the groups that proxies are connected
 * for.
 *
 * <p>All of it happens on the catalog writer's thread ({@code catalog-writer}); the index and the
 * problems are published for any thread to read. Nothing is published before every source has
 * synced, so that no proxy is ever told less than it may already have.
 */
public final class Pipeline implements CatalogListener, SnapshotStore.Demand {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  /** How long it takes until what failed is undone. */
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final SnapshotStore store;
  private final Executor writer;
  private final InstantSource clock;
  private final Later later;
  private final Encoder encoder = new Encoder();
  private final Refusals refusals = new Refusals(encoder);
  private final Ending ending;
  private final Set<NodeGroup> wanted = new HashSet<>();
  private final GroupViews views = new GroupViews(encoder);
  private Catalog catalog = Catalog.EMPTY;

  /** All that were told, those that have ended included, and what is pinned in their place. */
  private volatile Held held = Held.NOTHING;

  private volatile SortedMap<DocumentKey, PolicyStatus> heldBack = Collections.emptySortedMap();
  private BiConsumer<Revision, Documents> recorder = (_, _) -> {};

  /** Those of which it is known what became of them. */
  private volatile Documents judged = Documents.EMPTY;

  private Secrets secrets = Secrets.EMPTY;

  private boolean told;
  private boolean torn;

  private volatile Attached attached;
  private final FoundProblems found = new FoundProblems();
  private volatile boolean synced;
  private volatile Published.Listener listener = Published.Listener.NONE;

  /**
   * A pipeline that publishes to {@code store}.
   *
   * @param defaults the mesh's defaults, under every policy
   * @param writer runs a task on the catalog writer's thread
   * @param later runs a task there at a time
   */
  public Pipeline(
      Resilience defaults, SnapshotStore store, Executor writer, InstantSource clock, Later later) {
    this.attached = Attached.nothing(defaults);
    this.store = store;
    this.writer = writer;
    this.clock = clock;
    this.later = later;
    this.ending = new Ending(clock, later, () -> held.told(), this::documents, this::end);
  }

  /** Has {@code other} told of each revision that a change brings about. */
  public void tell(Published.Listener other) {
    listener = other;
  }

  /** What holds for each service now; any thread. */
  public PolicyIndex index() {
    return attached.index();
  }

  /** The services that there are; any thread. */
  public Set<ServiceId> services() {
    return index().services().keySet();
  }

  /**
   * What became of each policy; any thread. Where an edit cannot be applied beside the other
   * policies, this says why, and the index still holds the last good version.
   */
  public SortedMap<DocumentKey, PolicyStatus> statuses() {
    SortedMap<DocumentKey, PolicyStatus> back = heldBack;
    if (back.isEmpty()) {
      return attached.statuses();
    }
    SortedMap<DocumentKey, PolicyStatus> all = new TreeMap<>(attached.statuses());
    all.putAll(back);
    return Collections.unmodifiableSortedMap(all);
  }

  /** The earlier revision whose policies are in force; empty where those of now are; any thread. */
  public Optional<Pin> pin() {
    return held.pin();
  }

  /** What is otherwise in force than it is told, because of the pin; any thread. */
  public List<HeldBack> heldBack() {
    return held.back();
  }

  /** Names who is told of each publication and of the documents in force; before the start. */
  public void recorder(BiConsumer<Revision, Documents> other) {
    recorder = other;
  }

  /** The documents that are in force: of one whose edit was set aside, the version before it. */
  public Documents documents() {
    return attached.documents();
  }

  /**
   * The documents as they were told last, of which everything else here speaks: those too that are
   * set aside, or have ended; any thread.
   */
  public Documents judged() {
    return judged;
  }

  /** What is wrong with documents that were read, sorted; any thread. */
  public List<Problem> problems() {
    return Stream.of(
            statuses().values().stream().flatMap(status -> status.problems().stream()),
            ending.problems().stream(),
            found.all())
        .flatMap(all -> all)
        .sorted()
        .distinct()
        .toList();
  }

  /** Whether every source has told all it knew, and the first snapshots are out; any thread. */
  public boolean isSynced() {
    return synced;
  }

  /** What the translation's caches did so far; any thread. */
  public CacheStats cacheStats() {
    return encoder.stats();
  }

  @Override
  public void changed(Change change) {
    Instant now = clock.instant();
    catalog = change.catalog().after();
    secrets = change.secrets().after();
    Held.Step step = told ? held.with(change) : held.first(change);
    apply(step.inForce(), now, Optional.empty());
    held = step.held();
    if (!change.documents().isEmpty()) {
      noteHeldBack(change.documents().changed());
      ending.note(now);
    }
    if (!change.documents().isEmpty() || !change.secrets().isEmpty()) {
      found.noteMissingSecrets(held.wanted(), secrets);
    }
    judged = held.told();
  }

  /**
   * Has other documents hold than those that are told, or these again; the writer's thread alone.
   * Where it throws, nothing is pinned otherwise than before.
   *
   * @param why tells of it in the history
   */
  public void pin(Optional<Pin> pin, Reason why) {
    Held next = held.under(pin);
    if (told) {
      orAsBefore(() -> applyDocuments(held.to(next), why), why);
    }
    held = next;
    noteHeldBack(Collections.emptySortedSet());
    if (told) {
      found.noteMissingSecrets(held.wanted(), secrets);
    }
  }

  /**
   * Has the rollouts of policies stand elsewhere, or have no say; the writer's thread alone. Where
   * it throws, all stand where they stood.
   *
   * @param stands how a policy divides the calls among its versions; empty for as it says itself
   * @param why tells of it in the history
   * @return the policies of which no proxy would take what they make there: they stand where they
   *     stood
   */
  public SortedSet<DocumentKey> roll(SortedMap<DocumentKey, Optional<Rolled>> stands, Reason why) {
    Attached before = attached;
    SortedSet<DocumentKey> policies = new TreeSet<>(stands.keySet());
    policies.removeIf(policy -> before.documents().document(policy).isEmpty());
    if (!told || policies.isEmpty()) {
      attached = before.rolled(stands);
      return Collections.emptySortedSet();
    }
    orAsBefore(
        () -> {
          Instant now = clock.instant();
          Change change =
              Change.ofDocuments(
                  held.again(policies), catalog, secrets, Collections.emptySortedSet(), now);
          Attached after = before.rolled(stands, change.catalog(), refusals);
          apply(change, after, now, Optional.of(why));
        },
        why);
    Attached after = attached;
    policies.removeIf(policy -> after.rolled().of(policy).equals(stands.get(policy)));
    return policies;
  }

  /** Does what it is told or, where that throws, has all hold as before. */
  private void orAsBefore(Runnable change, Reason why) {
    Attached before = attached;
    TreePMap<ServiceId, List<Problem>> problemsBefore = found.ofServices();
    try {
      change.run();
    } catch (RuntimeException e) {
      attached = before;
      found.backTo(problemsBefore);
      later.at(clock.instant().plus(TRY_AGAIN), () -> mend(why));
      throw e;
    }
  }

  /** Takes back what failed and may have been published, unless a change did meanwhile. */
  private void mend(Reason failed) {
    if (!torn) {
      return;
    }
    try {
      applyDocuments(
          held.to(held),
          new Reason(failed.kind(), failed.name(), "failed and is undone", failed.services()));
    } catch (RuntimeException e) {
      LOG.error("what failed could not be undone; it is tried again", e);
      later.at(clock.instant().plus(TRY_AGAIN), () -> mend(failed));
    }
  }

  /** Notes what became of documents that are held back, and logs those that are so anew. */
  private void noteHeldBack(Set<DocumentKey> changed) {
    heldBack = held.statuses();
    FoundProblems.log(heldBack, changed);
  }

  /** Has documents be in force, or not, that no source told anew. */
  private void applyDocuments(DocumentsDelta documents, Reason why) {
    applyDocuments(documents, Collections.emptySortedSet(), clock.instant(), Optional.of(why));
  }

  private void applyDocuments(
      DocumentsDelta documents, SortedSet<DocumentKey> because, Instant now, Optional<Reason> why) {
    apply(Change.ofDocuments(documents, catalog, secrets, because, now), now, why);
  }

  private void apply(Change change, Instant now, Optional<Reason> why) {
    apply(change, attached.with(change, now, refusals), now, why);
  }

  private void apply(Change change, Attached after, Instant now, Optional<Reason> why) {
    Instant attachedAt = clock.instant();
    Set<ServiceId> touched = GroupViews.touched(after.index(), change);
    Translations translations = new Translations(after.index(), secrets);
    boolean again = torn;
    torn = true; // until all views are up to date: a failure half-way has them built anew
    Map<NodeGroup, SnapshotDiff> diffs =
        again
            ? views.anew(wanted, after.index(), translations)
            : views.update(wanted, touched, after.index(), translations);
    found.noteServices(touched, translations);
    found.noteGroups(views);
    FoundProblems.log(change, after);
    attached = after;
    boolean first = !told;
    told = true;
    Instant translatedAt = clock.instant();
    List<Reason> reasons = first ? List.of() : Reasons.of(change);
    Revision revision =
        publish(
            why.map(it -> it.kind().name().toLowerCase(Locale.ROOT) + " " + it.name())
                .orElseGet(() -> RevisionText.cause(change)),
            Stream.concat(why.stream(), reasons.stream()).toList(),
            diffs);
    torn = false;
    if (!revision.groups().isEmpty()) {
      listener.published(
          new Published(revision, change.causes(), now, attachedAt, translatedAt, clock.instant()));
    }
  }

  private void end(SortedSet<DocumentKey> over) {
    DocumentsDelta removed =
        new DocumentsDelta(held.wanted(), held.wanted(), Collections.emptySortedSet(), over);
    applyDocuments(removed, over, clock.instant(), Optional.empty());
  }

  /**
   * The pipeline as it is, for another thread to try a change on; the writer's thread alone.
   *
   * @param image that of all that the pipeline was told
   */
  public Moment moment(CatalogImage image) {
    return new Moment(
        image,
        clock.instant(),
        attached,
        held,
        Set.copyOf(wanted),
        views.copy(),
        refusals,
        problems());
  }

  @Override
  public void synced() {
    synced = true;
    LOG.info("synced: {} services, {} proxy groups", index().services().size(), wanted.size());
  }

  @Override
  public void wanted(NodeGroup group) {
    writer.execute(
        () -> {
          wanted.add(group);
          if (told) {
            SnapshotDiff first = views.build(group, index(), translations());
            found.noteGroups(views);
            publish("first proxy of " + group, List.of(), Map.of(group, first));
          }
        });
  }

  @Override
  public void unwanted(NodeGroup group) {
    writer.execute(
        () -> {
          wanted.remove(group);
          views.remove(group);
          found.noteGroups(views);
        });
  }

  private Translations translations() {
    return new Translations(index(), secrets);
  }

  private Revision publish(String cause, List<Reason> reasons, Map<NodeGroup, SnapshotDiff> diffs) {
    Revision revision = store.publish(cause, reasons, clock.instant(), diffs);
    recorder.accept(revision, attached.documents());
    if (!revision.groups().isEmpty()) {
      LOG.atInfo()
          .addKeyValue("revision", revision.id())
          .log("revision {}: {}: {}", revision.id(), cause, RevisionText.summary(revision));
    }
    return revision;
  }
}
