package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.overrides.Turns.Turn;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.Acknowledged;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Documents;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes instances out of traffic and back in, for {@code sluice drain} and {@code restore}: it
 * writes and removes InstanceOverrides in the store where the service's documents are. They act
 * once their source has read them, as all documents do, so that replicas and servers that start
 * anew agree. Any thread may call it.
 */
public final class Overrides implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Overrides.class);
  private static final long PUBLISHED_SECONDS = 5;

  private final Optional<List<OverrideStore>> stores;
  private final DocumentReader reader;
  private final OverrideFacts facts;
  private final InstantSource clock;
  private final Turns turns = new Turns();

  private Overrides(
      Optional<List<OverrideStore>> stores,
      DocumentReader reader,
      OverrideFacts facts,
      InstantSource clock) {
    this.stores = stores;
    this.reader = reader;
    this.facts = facts;
    this.clock = clock;
  }

  /** Overrides that are kept in these stores, which end with it. */
  public static Overrides in(
      List<OverrideStore> stores, DocumentReader reader, OverrideFacts facts, InstantSource clock) {
    return new Overrides(Optional.of(List.copyOf(stores)), reader, facts, clock);
  }

  /** Overrides that can be looked at, and are not written. */
  public static Overrides readOnly(
      DocumentReader reader, OverrideFacts facts, InstantSource clock) {
    return new Overrides(Optional.empty(), reader, facts, clock);
  }

  /**
   * Writes what takes an instance out of traffic, or gives it another weight.
   *
   * @throws RefusedException when it was not written
   */
  public Drained drain(OverrideRequest request, Wish wish) {
    List<OverrideStore> writable = writable();
    return turns.take(turn -> drain(request, wish, writable, turn));
  }

  private Drained drain(
      OverrideRequest request, Wish wish, List<OverrideStore> writable, Turn turn) {
    CatalogImage image = facts.image().get();
    PolicyIndex index = facts.index().get();
    Meant meant = Meant.of(request, index, image.documents());
    Match match = meant.match(request);
    Drain drain =
        new Drain(
            DrainName.of(meant.service(), match),
            meant.service().name(),
            match,
            wish,
            clock.instant());
    Kept kept = Kept.of(writable, meant.service().namespace(), image);
    List<String> warnings =
        wish.takesAway() ? warnings(request, meant, match, index, kept) : List.of();
    check(drain);
    Optional<Held> held = kept.find(drain.key());
    StoreChoice choice = StoreChoice.of(request, meant.service(), held, writable, image, index);
    Optional<InstanceOverride> before = held.map(Held::document);
    OverrideStore store = choice.store();
    turn.refuseLate();
    Drain stored = request.isDryRun() ? drain : store.write(drain, before, choice.beside());
    String place = store.place(drain.key(), before, choice.beside());
    if (!request.isDryRun()) {
      LOG.info(
          "{} drained {} of {} ({}): wrote {} in {}: {}",
          request.from(),
          meant.shown(),
          meant.service(),
          wish.by().orElse("-").replaceAll("\\p{Cntrl}", " "),
          drain.key(),
          store.source(),
          place);
    }
    return new Drained(
        meant.service(),
        meant.shown(),
        drain.key(),
        store.source(),
        place,
        edition(stored),
        store.text(stored),
        wish.expiresIn().map(drain.at()::plus),
        warnings);
  }

  /** What comes of it for callers, by what is in force and what was just written. */
  private List<String> warnings(
      OverrideRequest request, Meant meant, Match match, PolicyIndex index, Kept kept) {
    Instant now = clock.instant();
    Documents inForce =
        kept.over(published(), it -> it.expiresAt().filter(end -> !end.isAfter(now)).isEmpty());
    List<String> warnings = new ArrayList<>(Harm.of(request, meant, match, inForce));
    warnings.addAll(Elsewhere.of(meant, match, index, inForce));
    kept.unseen()
        .forEach(why -> warnings.add("what was drained just now may be unknown here: " + why));
    return warnings;
  }

  private List<OverrideStore> writable() {
    if (stores.isEmpty()) {
      throw new RefusedException(
          Why.FORBIDDEN,
          "this server writes nothing (admin.writes: false in its configuration); write the"
              + " InstanceOverride by hand, where the service's documents are");
    }
    if (!facts.synced().getAsBoolean()) {
      throw new RefusedException(
          Why.UNAVAILABLE, "not every source has synced; see /readyz, and try again");
    }
    return stores.get();
  }

  /** What is written is read again by the rules that hold for whatever people write. */
  private void check(Drain drain) {
    List<Problem> problems = reader.read(drain.key().name(), drain.yaml()).problems();
    if (Problem.anyError(problems)) {
      throw new RefusedException(
          Why.WRONG,
          String.join("; ", problems.stream().map(it -> it.path() + ": " + it.message()).toList()));
    }
  }

  private String edition(Drain stored) {
    return Drain.edition(
        reader.read(stored.key().name(), stored.yaml()).items().stream()
            .flatMap(item -> item.document().stream())
            .map(InstanceOverride.class::cast)
            .findFirst()
            .orElseThrow()
            .spec());
  }

  /**
   * Removes what {@code sluice drain} wrote of an instance.
   *
   * @throws RefusedException when something stays that it should have removed
   */
  public Restored restore(OverrideRequest request) {
    List<OverrideStore> writable = writable();
    return turns.take(turn -> restore(request, writable, turn));
  }

  private Restored restore(OverrideRequest request, List<OverrideStore> writable, Turn turn) {
    CatalogImage image = facts.image().get();
    Meant meant = Meant.of(request, facts.index().get(), image.documents());
    Kept kept = Kept.of(writable, meant.service().namespace(), image);
    List<Held> all = kept.held(meant.overrides(kept.with(image.documents())));
    if (all.isEmpty() && meant.known().isEmpty()) {
      throw meant.instances().unknown(request.instance());
    }
    List<Held> drains = all.stream().filter(Held::isDrain).toList();
    if (drains.isEmpty() && !kept.unseen().isEmpty()) {
      throw new RefusedException(
          Why.STORE,
          "%s is not drained as far as is known, but not every store could be asked: %s"
              .formatted(meant.shown(), String.join("; ", kept.unseen())));
    }
    drains.forEach(meant::refuseOthers);
    Removals removals = Removals.of(drains, writable);
    if (!request.isDryRun()) {
      removals.remove(
          turn,
          held ->
              LOG.info(
                  "{} restored {} of {}: removed {} from {}: {}",
                  request.from(),
                  meant.shown(),
                  meant.service(),
                  held.key(),
                  held.source().map(SourceName::toString).orElse(""),
                  held.place()));
    }
    Predicate<Held> isGone = request.isDryRun() ? kept::isGone : removals::isGone;
    Instant now = clock.instant();
    return new Restored(
        meant.service(),
        meant.shown(),
        drains.stream().filter(isGone.negate()).toList(),
        drains.stream().filter(isGone).toList(),
        all.stream().filter(it -> !it.isDrain() && it.takesAway(now)).toList());
  }

  /** One that its source has dropped meanwhile is still in force where it is published. */
  private static List<Held> held(List<InstanceOverride> overrides, CatalogImage image) {
    return overrides.stream()
        .map(it -> new Held(it, image.holder(it.key()), Drain.edition(it.spec())))
        .toList();
  }

  /** How the instance stands. What comes out of it is as new as the snapshots that are out. */
  public Standing standing(OverrideRequest request) {
    Documents published = published();
    CatalogImage image = facts.image().get();
    Meant meant = Meant.of(request, facts.index().get(), image.documents());
    return new Standing(
        meant.service(),
        meant.shown(),
        held(meant.overrides(published), image),
        Acknowledged.of(
            facts.proxies().get(),
            facts.snapshots(),
            snapshot -> assignments(meant.service(), snapshot)));
  }

  /** Those of a service: each is called service.namespace|port, or more after another bar. */
  private static List<Resource> assignments(ServiceId service, Snapshot snapshot) {
    return List.copyOf(
        snapshot.resources(ResourceType.ENDPOINT).subMap(service + "|", service + "}").values());
  }

  private Documents published() {
    try {
      return facts.published().get().get(PUBLISHED_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(Why.UNAVAILABLE, "the server is stopping; ask another one");
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("it could not be seen which documents are in force", e);
      throw new RefusedException(
          Why.UNAVAILABLE, "the server is busy, or failed; its log says more. Try again");
    }
  }

  @Override
  public void close() {
    stores.ifPresent(all -> all.forEach(OverrideStore::close));
  }
}
