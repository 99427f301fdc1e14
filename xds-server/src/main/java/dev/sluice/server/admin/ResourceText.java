package dev.sluice.server.admin;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.google.protobuf.Message;
import dev.sluice.server.diff.ResourceChange;
import dev.sluice.server.snapshot.Resource;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Differences of Envoy's resources as unified diffs of their YAML. */
final class ResourceText {
  private static final int CONTEXT = 3;
  private static final String NOTHING = "/dev/null";

  private ResourceText() {}

  /**
   * The unified diff of a change. Of a RouteConfiguration it leaves out the virtual hosts that stay
   * as they are: there may be thousands.
   */
  static String unified(ResourceChange change) {
    String name = change.type().name().toLowerCase(Locale.ROOT) + "/" + change.name();
    Optional<Message> before = change.before().map(Resource::message);
    Optional<Message> after = change.after().map(Resource::message);
    List<String> old = lines(before.map(it -> differing(it, after)));
    List<String> now = lines(after.map(it -> differing(it, before)));
    return String.join(
        "\n",
        UnifiedDiffUtils.generateUnifiedDiff(
            before.isPresent() ? name : NOTHING,
            after.isPresent() ? name : NOTHING,
            old,
            DiffUtils.diff(old, now),
            CONTEXT));
  }

  /** The virtual hosts that differ, sorted; empty where it is no RouteConfiguration. */
  static List<String> virtualHosts(ResourceChange change) {
    Set<VirtualHost> before = hosts(change.before());
    Set<VirtualHost> after = hosts(change.after());
    return Stream.concat(before.stream(), after.stream())
        .filter(host -> !before.contains(host) || !after.contains(host))
        .map(VirtualHost::getName)
        .sorted()
        .distinct()
        .toList();
  }

  private static Set<VirtualHost> hosts(Optional<Resource> resource) {
    return resource.map(Resource::message).orElse(null) instanceof RouteConfiguration routes
        ? new HashSet<>(routes.getVirtualHostsList())
        : Set.of();
  }

  private static List<String> lines(Optional<Message> message) {
    return message
        .map(it -> List.of(YamlText.of(EnvoyJson.of(it)).stripTrailing().split("\n", -1)))
        .orElse(List.of());
  }

  private static Message differing(Message message, Optional<Message> other) {
    if (!(message instanceof RouteConfiguration routes)
        || !(other.orElse(null) instanceof RouteConfiguration others)) {
      return message;
    }
    Set<VirtualHost> same = new HashSet<>(others.getVirtualHostsList());
    return routes.toBuilder()
        .clearVirtualHosts()
        .addAllVirtualHosts(
            routes.getVirtualHostsList().stream().filter(host -> !same.contains(host)).toList())
        .build();
  }
}
