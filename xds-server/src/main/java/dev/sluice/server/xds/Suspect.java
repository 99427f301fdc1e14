package dev.sluice.server.xds;

import com.google.protobuf.Message;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Content that a proxy refused, and what is served in its place. */
sealed interface Suspect {
  ResourceType type();

  /** The resource's name. */
  String name();

  /** The documents that it comes from. */
  List<String> documents();

  /** The resource with this content taken back; empty when nothing of it is left. */
  Optional<Resource> without(Resource published);

  /** Whether {@code resource} has this content. */
  boolean isIn(Resource resource);

  /** Whether {@code snapshot} has it. */
  default boolean isIn(Snapshot snapshot) {
    return snapshot.resource(type(), name()).filter(this::isIn).isPresent();
  }

  /**
   * A resource as a whole.
   *
   * @param instead the version before; empty when there was none
   */
  record Whole(Resource refused, Optional<Resource> instead) implements Suspect {
    @Override
    public ResourceType type() {
      return refused.type();
    }

    @Override
    public String name() {
      return refused.name();
    }

    @Override
    public List<String> documents() {
      return refused.provenance().documents();
    }

    @Override
    public Optional<Resource> without(Resource published) {
      return instead;
    }

    @Override
    public boolean isIn(Resource resource) {
      return resource.equals(refused);
    }

    /** {@code CDS name}. */
    @Override
    public String toString() {
      return type().shortName() + " " + name();
    }
  }

  /**
   * One virtual host of a RouteConfiguration, whose others go on.
   *
   * @param name the RouteConfiguration's
   * @param instead the host as it was before; empty when there was none
   */
  record Host(
      String name, VirtualHost refused, Optional<VirtualHost> instead, List<String> documents)
      implements Suspect {
    @Override
    public ResourceType type() {
      return ResourceType.ROUTE;
    }

    @Override
    public Optional<Resource> without(Resource published) {
      return Optional.of(
          Routes.replaced(published, host -> host.equals(refused) ? instead : Optional.of(host)));
    }

    @Override
    public boolean isIn(Resource resource) {
      return ((RouteConfiguration) resource.message()).getVirtualHostsList().contains(refused);
    }

    /** {@code RDS name, virtual host name}. */
    @Override
    public String toString() {
      return type().shortName() + " " + name + ", virtual host " + refused.getName();
    }
  }

  /**
   * What of {@code refused} may be wrong: for a RouteConfiguration the virtual hosts that differ
   * from those before, if only those do, and of them those that the message names, if it names any.
   */
  static List<Suspect> of(Resource refused, Optional<Resource> before, String message) {
    if (refused.type() != ResourceType.ROUTE || before.isEmpty()) {
      return List.of(new Whole(refused, before));
    }
    RouteConfiguration now = (RouteConfiguration) refused.message();
    RouteConfiguration then = (RouteConfiguration) before.get().message();
    Map<String, Host> hosts = changed(refused, now, Routes.hosts(then));
    boolean elsewhere = !withoutHosts(now).equals(withoutHosts(then));
    if (hosts.isEmpty() || elsewhere) {
      return List.of(new Whole(refused, before));
    }
    List<String> named = Mentions.in(message, hosts.keySet());
    return named.isEmpty()
        ? List.copyOf(hosts.values())
        : named.stream().<Suspect>map(hosts::get).toList();
  }

  private static Map<String, Host> changed(
      Resource refused, RouteConfiguration now, Map<String, VirtualHost> before) {
    Map<String, Host> changed = new LinkedHashMap<>();
    for (VirtualHost host : now.getVirtualHostsList()) {
      Optional<VirtualHost> old = Optional.ofNullable(before.get(host.getName()));
      if (!Optional.of(host).equals(old)) {
        List<String> documents =
            refused.provenance().parts().getOrDefault(host.getName(), List.of());
        changed.put(host.getName(), new Host(refused.name(), host, old, documents));
      }
    }
    return changed;
  }

  private static Message withoutHosts(RouteConfiguration routes) {
    return routes.toBuilder().clearVirtualHosts().build();
  }
}
