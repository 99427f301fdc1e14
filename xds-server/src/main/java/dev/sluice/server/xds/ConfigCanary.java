package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A changed configuration that some proxies of a group have before the others.
 *
 * @param group the proxies that it is meant for
 * @param stage how many are asked now, as it is set: {@code 1}, {@code 10%}
 * @param asked the ids of the proxies that are asked, sorted
 * @param accepted how many of them use it
 * @param concerned how many proxies of the group it concerns
 * @param halted why it goes no further; empty while it goes on
 * @param newerWaits whether a newer change waits for this one
 * @param resources what is new, changed or gone, such as {@code RDS public}
 * @param documents the documents that it comes from, with their places
 * @param since when it began
 */
public record ConfigCanary(
    NodeGroup group,
    String stage,
    List<String> asked,
    int accepted,
    int concerned,
    Optional<String> halted,
    boolean newerWaits,
    List<String> resources,
    List<String> documents,
    Instant since) {
  public ConfigCanary {
    asked = List.copyOf(asked);
    resources = List.copyOf(resources);
    documents = List.copyOf(documents);
  }

  static ConfigCanary of(NodeGroup group, Spreading.Ahead ahead, boolean newerWaits, long now) {
    Canary<AdsStream> canary = ahead.canary();
    List<String> resources = new ArrayList<>();
    TreeSet<String> documents = new TreeSet<>();
    ahead
        .change()
        .types()
        .forEach(
            (type, names) -> {
              if (type != ResourceType.ENDPOINT) {
                Stream.concat(names.changed().stream(), names.removed().stream())
                    .sorted()
                    .forEach(name -> resources.add(type.shortName() + " " + name));
                documents.addAll(documents(ahead.change(), type, names));
              }
            });
    return new ConfigCanary(
        group,
        canary.stage(),
        canary.asked(),
        canary.accepted(),
        canary.concerned(),
        canary.halted(now),
        newerWaits,
        resources,
        List.copyOf(documents),
        ahead.since());
  }

  /** Those of the new content, and of what is gone. */
  private static List<String> documents(
      SnapshotDiff change, ResourceType type, SnapshotDiff.Names names) {
    return Stream.concat(
            names.changed().stream().flatMap(name -> resource(change.after(), type, name)),
            names.removed().stream().flatMap(name -> resource(change.before(), type, name)))
        .flatMap(resource -> resource.provenance().documents().stream())
        .toList();
  }

  private static Stream<Resource> resource(Snapshot snapshot, ResourceType type, String name) {
    return snapshot.resource(type, name).stream();
  }

  /** One line for people to read. */
  @Override
  public String toString() {
    return "A changed configuration of %s comes to %d of %d proxies first, %s; %d acknowledged it%s"
        .formatted(
            group,
            asked.size(),
            concerned,
            String.join(", ", asked),
            accepted,
            halted.map(why -> " and goes no further: " + why).orElse(""));
  }
}
