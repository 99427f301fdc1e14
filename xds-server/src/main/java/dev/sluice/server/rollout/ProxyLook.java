package dev.sluice.server.rollout;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.rollout.Alike.Sameness;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.Acknowledged;
import dev.sluice.server.status.ShapedResources;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Withheld;
import dev.sluice.spec.DocumentKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One look at all proxies: who of them uses what a policy makes, for many policies. Those that are
 * alike are looked at once. One thread uses it.
 */
final class ProxyLook {
  private final List<OfGroup> groups = new ArrayList<>();
  private final ShapedResources shaped;
  private final Map<DocumentKey, Confirmation> known = new HashMap<>();

  /**
   * The proxies that are to have the same.
   *
   * @param newest what is published for them, whether they are served it or not
   * @param withheld what of it they are not given
   * @param canary the change that some of them are to have first
   */
  private record OfGroup(
      Snapshot newest,
      List<Alike> proxies,
      List<Withheld> withheld,
      Optional<ConfigCanary> canary) {
    List<Withheld> withheld(DocumentKey policy, List<Resource> resources) {
      return withheld.stream()
          .filter(one -> one.isOf(policy.toString()) && resources.stream().anyMatch(one::isIn))
          .toList();
    }
  }

  ProxyLook(RolloutFacts stages) {
    this.shaped = stages.shaped();
    Map<NodeGroup, Map<Sameness, Alike>> all = new LinkedHashMap<>();
    for (NodeStatus proxy : stages.proxies().get()) {
      all.computeIfAbsent(proxy.group(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(Sameness.of(proxy), _ -> Alike.of(proxy))
          .ids()
          .add(proxy.id());
    }
    List<Withheld> withheld = stages.withheld().get(); // As new as the proxies, or newer.
    List<ConfigCanary> canaries = stages.canaries().get();
    all.forEach(
        (group, proxies) ->
            stages
                .snapshots()
                .apply(group)
                .map(
                    newest ->
                        new OfGroup(
                            newest,
                            List.copyOf(proxies.values()),
                            withheld.stream()
                                .filter(it -> it.what().group().equals(group))
                                .toList(),
                            canaries.stream().filter(it -> it.group().equals(group)).findFirst()))
                .ifPresent(groups::add));
  }

  /** How those are that ask for something that the policy shaped. */
  Confirmation of(DocumentKey policy) {
    return known.computeIfAbsent(policy, this::count);
  }

  private Confirmation count(DocumentKey policy) {
    Counting counting = new Counting();
    for (OfGroup group : groups) {
      List<Resource> resources = shaped.of(policy, group.newest());
      if (!resources.isEmpty()) {
        List<Withheld> withheld = group.withheld(policy, resources);
        group.proxies().forEach(one -> counting.add(one, resources, withheld, group.canary()));
      }
    }
    return counting.sum();
  }

  private static final class Counting {
    private final List<Alike> behind = new ArrayList<>();
    private final TreeMap<String, String> refused = new TreeMap<>();
    private final TreeMap<String, String> held = new TreeMap<>();
    private int acknowledged;
    private int concerned;

    void add(
        Alike proxies,
        List<Resource> resources,
        List<Withheld> withheld,
        Optional<ConfigCanary> canary) {
      NodeStatus one = proxies.like();
      List<Resource> asked =
          resources.stream().filter(it -> Acknowledged.isAsked(one, it)).toList();
      if (asked.isEmpty()) {
        return;
      }
      concerned += proxies.ids().size();
      List<Resource> missing = asked.stream().filter(it -> !Acknowledged.isUsed(one, it)).toList();
      if (missing.isEmpty()) {
        acknowledged += proxies.ids().size();
        return;
      }
      behind.add(proxies);
      boolean isBarred = true;
      for (Resource resource : missing) {
        List<Withheld> wrong = withheld.stream().filter(it -> it.isIn(resource)).toList();
        wrong.stream()
            .filter(Withheld::isTried)
            .map(Withheld::what)
            .forEach(it -> refused.putIfAbsent(it.proxy(), it.message()));
        isBarred &= wrong.stream().anyMatch(Withheld::isTried);
        if (wrong.isEmpty()) { // What others use already is served in spite of a refusal.
          Acknowledged.refusal(one, resource)
              .ifPresent(words -> proxies.ids().forEach(id -> refused.putIfAbsent(id, words)));
        }
      }
      if (isBarred) {
        proxies.ids().forEach(id -> held.put(id, "others refused it"));
      }
      canary.ifPresent(
          ahead ->
              proxies.ids().stream()
                  .filter(id -> !ahead.asked().contains(id))
                  .forEach(id -> held.put(id, words(ahead))));
    }

    private static String words(ConfigCanary canary) {
      return canary
          .halted()
          .map(why -> "a changed configuration goes no further: " + why)
          .orElse("a changed configuration comes to others first");
    }

    Confirmation sum() {
      held.keySet().removeAll(refused.keySet());
      return new Confirmation(acknowledged, concerned, pending(), refused, held);
    }

    private SortedSet<String> pending() {
      if (behind.size() == 1 && refused.isEmpty()) {
        return behind.getFirst().ids(); // Of a thousand proxies, and for many policies.
      }
      TreeSet<String> pending = new TreeSet<>();
      behind.forEach(one -> pending.addAll(one.ids()));
      pending.removeAll(refused.keySet());
      return pending;
    }
  }
}
