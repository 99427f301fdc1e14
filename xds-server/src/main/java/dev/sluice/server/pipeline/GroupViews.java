package dev.sluice.server.pipeline;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.translate.ProxyResources;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The views of all groups of proxies. Only one thread touches it: the pipeline's, or a copy's. */
final class GroupViews {
  private final Encoder encoder;
  private final Map<NodeGroup, GroupView> views;

  private GroupViews(Encoder encoder, Map<NodeGroup, GroupView> views) {
    this.encoder = encoder;
    this.views = views;
  }

  /** No views yet. */
  GroupViews(Encoder encoder) {
    this(encoder, new HashMap<>());
  }

  /** Views that go their own way from here; it costs a little for each group. */
  GroupViews copy() {
    Map<NodeGroup, GroupView> copies = new HashMap<>();
    views.forEach((group, view) -> copies.put(group, view.copy()));
    return new GroupViews(encoder, copies);
  }

  /** The services that may differ after {@code change}, of which came {@code next}. */
  static Set<ServiceId> touched(PolicyIndex next, Change change) {
    Set<ServiceId> touched = new TreeSet<>(next.changed());
    touched.addAll(change.catalog().changed());
    touched.addAll(change.catalog().removed());
    return touched;
  }

  /** Brings these groups up to date, each with the difference from its snapshot before. */
  Map<NodeGroup, SnapshotDiff> update(
      Collection<NodeGroup> groups,
      Set<ServiceId> touched,
      PolicyIndex next,
      Translations translations) {
    Map<NodeGroup, SnapshotDiff> diffs = new HashMap<>();
    for (NodeGroup group : groups) {
      GroupView view = views.get(group);
      diffs.put(
          group,
          view == null || (group.role() == Role.GATEWAY && next.gatewaysChanged())
              ? build(group, next, translations)
              : view.update(touched, translations));
    }
    return diffs;
  }

  /** The same where nobody knows how far the views are. */
  Map<NodeGroup, SnapshotDiff> anew(
      Collection<NodeGroup> groups, PolicyIndex next, Translations translations) {
    Map<NodeGroup, SnapshotDiff> diffs = new HashMap<>();
    groups.forEach(group -> diffs.put(group, build(group, next, translations)));
    return diffs;
  }

  /** Builds a group's view anew; the difference is that from the view before, if there was one. */
  SnapshotDiff build(NodeGroup group, PolicyIndex from, Translations translations) {
    Set<ServiceId> all = from.services().keySet();
    Optional<GroupView> before = Optional.ofNullable(views.get(group));
    GroupView view =
        new GroupView(group, ProxyResources.of(group, from.gateways()), encoder, before);
    SnapshotDiff first = view.update(all, translations);
    if (before.isEmpty()) {
      views.put(group, view);
      return first;
    }
    Snapshot old = before.get().snapshot();
    if (!view.fixedRefused().isEmpty()) {
      before.get().keptFor(view.fixedRefused());
      return SnapshotDiff.between(old, before.get().update(all, translations).after());
    }
    views.put(group, view);
    return SnapshotDiff.between(old, first.after());
  }

  void remove(NodeGroup group) {
    views.remove(group);
  }

  /** What could not be built. */
  List<Problem> problems() {
    return views.values().stream().flatMap(view -> view.problems().stream()).distinct().toList();
  }
}
