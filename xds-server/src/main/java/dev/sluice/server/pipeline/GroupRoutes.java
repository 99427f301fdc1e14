package dev.sluice.server.pipeline;

import dev.sluice.policy.attach.Attribution;
import dev.sluice.problem.Problem;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/** The virtual hosts of one RouteConfiguration of a group, with where each comes from. */
final class GroupRoutes {
  TreePMap<String, VirtualHost> hosts = TreePMap.empty();
  HashPMap<String, List<Attribution>> attributions = HashTreePMap.empty();
  List<Problem> problems = List.of();

  GroupRoutes copy() {
    GroupRoutes copy = new GroupRoutes();
    copy.hosts = hosts;
    copy.attributions = attributions;
    copy.problems = problems;
    return copy;
  }

  void put(VirtualHost host, List<Attribution> from) {
    hosts = hosts.plus(host.getName(), host);
    attributions = attributions.plus(host.getName(), from);
  }

  void remove(String host) {
    hosts = hosts.minus(host);
    attributions = attributions.minus(host);
  }
}
