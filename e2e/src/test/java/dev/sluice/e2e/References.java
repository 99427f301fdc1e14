package dev.sluice.e2e;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What resources are called, and what they name that a client then asks for. */
final class References {
  private References() {}

  static String name(ResourceType type, Any resource) {
    try {
      Message message = type.prototype().getParserForType().parseFrom(resource.getValue());
      // Every type's first field is the name.
      return message.getField(message.getDescriptorForType().findFieldByNumber(1)).toString();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** The ClusterLoadAssignments of those clusters that take one. */
  static Set<String> assignments(Collection<Any> clusters) {
    Set<String> names = new TreeSet<>();
    for (Any any : clusters) {
      Cluster cluster = unpack(any, Cluster.class);
      if (cluster.getType() == Cluster.DiscoveryType.EDS) {
        String other = cluster.getEdsClusterConfig().getServiceName();
        names.add(other.isEmpty() ? cluster.getName() : other);
      }
    }
    return names;
  }

  /** The RouteConfigurations that those listeners ask for. */
  static Set<String> routes(Collection<Any> listeners) {
    Set<String> names = new TreeSet<>();
    for (Any any : listeners) {
      Listener listener = unpack(any, Listener.class);
      listener.getFilterChainsList().forEach(chain -> addRoutes(chain, names));
      addRoutes(listener.getDefaultFilterChain(), names);
    }
    return names;
  }

  private static void addRoutes(FilterChain chain, Set<String> names) {
    for (Filter filter : chain.getFiltersList()) {
      if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
        HttpConnectionManager http = unpack(filter.getTypedConfig(), HttpConnectionManager.class);
        if (http.hasRds()) {
          names.add(http.getRds().getRouteConfigName());
        }
      }
    }
  }

  static <M extends Message> M unpack(Any any, Class<M> type) {
    try {
      return any.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
