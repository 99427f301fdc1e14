package dev.sluice.server.pipeline;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.translate.ClientKind;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pipeline as it was at one moment, on which a change can be tried: by the very code by which
 * the pipeline takes one, and without its notice. For one thread, and for one change.
 */
public final class Moment {
  private final CatalogImage image;
  private final Instant now;
  private final Attached attached;
  private final Held held;
  private final Set<NodeGroup> groups;
  private final GroupViews views;
  private final Refusals refusals;
  private final List<Problem> problems;

  Moment(
      CatalogImage image,
      Instant now,
      Attached attached,
      Held held,
      Set<NodeGroup> groups,
      GroupViews views,
      Refusals refusals,
      List<Problem> problems) {
    this.image = image;
    this.now = now;
    this.attached = attached;
    this.held = held;
    this.groups = groups;
    this.views = views;
    this.refusals = refusals;
    this.problems = problems;
  }

  /** All that the sources had told. */
  public CatalogImage image() {
    return image;
  }

  /** When it was. */
  public Instant now() {
    return now;
  }

  /** The earlier revision whose policies are in force; empty where those of now are. */
  public Optional<Pin> pin() {
    return held.pin();
  }

  /**
   * What the change would come to.
   *
   * @param change one of {@link #image()}
   */
  public Preview preview(Change change) {
    Held.Step step = held.with(change);
    return preview(step.inForce(), step.held());
  }

  /** What it would come to that other documents hold than those that are told, or these again. */
  public Preview preview(Optional<Pin> pin) {
    Held next = held.under(pin);
    return preview(
        Change.ofDocuments(
            held.to(next), image.catalog(), image.secrets(), Collections.emptySortedSet(), now),
        next);
  }

  private Preview preview(Change change, Held after) {
    Attached then = attached.with(change, now, refusals);
    Set<ServiceId> touched = GroupViews.touched(then.index(), change);
    Translations translations = new Translations(then.index(), change.secrets().after());
    Map<NodeGroup, SnapshotDiff> diffs = views.update(groups, touched, then.index(), translations);
    TreeSet<Problem> found = new TreeSet<>();
    then.statuses().values().forEach(status -> found.addAll(status.problems()));
    touched.forEach(id -> found.addAll(translations.problems(id, ClientKind.ENVOY)));
    found.addAll(Expiry.problems(after.told(), now));
    found.addAll(MissingSecrets.problems(after.wanted(), change.secrets().after()));
    found.addAll(views.problems());
    after.back().forEach(back -> after.problem(back.key()).ifPresent(found::add));
    problems.forEach(found::remove);
    return new Preview(diffs, then.statuses(), after.back(), List.copyOf(found));
  }
}
