package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last editions of a group, and the ways from one to another.
 *
 * <p>Its feed's lock guards it.
 */
final class Editions {
  /** How many editions a stream may be behind before its difference costs the whole snapshot. */
  private static final int KEPT = 16;

  private final ArrayDeque<Edition> last = new ArrayDeque<>();

  /** The last editions in which more than endpoints changed. */
  private final ArrayDeque<Edition> configurations = new ArrayDeque<>();

  private long revisions;
  private @Nullable Step lastStep;

  /** The way from one edition to another, which many streams go at the same time. */
  private record Step(long from, long to, SnapshotDiff diff) {}

  /** The next edition. */
  Edition next(SnapshotDiff diff, Map<ResourceType, Map<String, Resource>> withdrawn) {
    Edition next = passing(diff, withdrawn);
    keep(last, next);
    if (!Set.of(ResourceType.ENDPOINT).containsAll(diff.types().keySet())) {
      keep(configurations, next);
    }
    return next;
  }

  /** An edition that is not remembered, because it is tried on one stream. */
  Edition passing(SnapshotDiff diff, Map<ResourceType, Map<String, Resource>> withdrawn) {
    return new Edition(++revisions, diff, withdrawn);
  }

  private static void keep(ArrayDeque<Edition> last, Edition next) {
    last.addLast(next);
    if (last.size() > KEPT) {
      last.removeFirst();
    }
  }

  /** The difference between two editions, of which the older was seen. */
  SnapshotDiff between(Edition seen, Edition next) {
    Step step = lastStep;
    if (step == null || step.from() != seen.revision() || step.to() != next.revision()) {
      step = new Step(seen.revision(), next.revision(), difference(seen, next));
      lastStep = step;
    }
    return step.diff();
  }

  @SuppressWarnings("ReferenceEquality") // an equal snapshot would do, it only costs more
  private SnapshotDiff difference(Edition seen, Edition next) {
    List<SnapshotDiff> between = new ArrayList<>();
    Snapshot reached = seen.snapshot();
    for (Edition edition : last) {
      if (edition.revision() > seen.revision() && edition.diff().before() == reached) {
        between.add(edition.diff());
        reached = edition.snapshot();
      }
      if (edition.revision() == next.revision()) {
        break;
      }
    }
    return !between.isEmpty() && reached == next.snapshot()
        ? SnapshotDiff.through(between)
        : SnapshotDiff.between(seen.snapshot(), next.snapshot());
  }

  /**
   * What was served before {@code resource} was; empty if it was served for as long as is known, so
   * that it is established and its refusal the proxy's own trouble.
   */
  Optional<Snapshot> before(Resource resource) {
    boolean endpoints = resource.type() == ResourceType.ENDPOINT;
    ArrayDeque<Edition> editions = endpoints ? last : configurations;
    for (var newestFirst = editions.descendingIterator(); newestFirst.hasNext(); ) {
      Edition edition = newestFirst.next();
      if (edition.revision() == 1) {
        return Optional.empty();
      }
      if (has(edition.snapshot(), resource) && !has(edition.diff().before(), resource)) {
        return Optional.of(edition.diff().before());
      }
    }
    return Optional.empty();
  }

  /** What was served lately, the newest first; of each edition also what it took the place of. */
  List<Snapshot> earlier() {
    List<Snapshot> earlier = new ArrayList<>();
    for (ArrayDeque<Edition> editions : List.of(last, configurations)) {
      editions
          .descendingIterator()
          .forEachRemaining(
              edition -> {
                earlier.add(edition.snapshot());
                earlier.add(edition.diff().before());
              });
    }
    return earlier;
  }

  private static boolean has(Snapshot snapshot, Resource resource) {
    return snapshot.resource(resource.type(), resource.name()).equals(Optional.of(resource));
  }
}
