package dev.sluice.server.diff;

import dev.sluice.server.load.ProxyLoad;
import dev.sluice.server.load.ProxyLoad.ClusterLoad;
import dev.sluice.server.load.ProxyLoad.LocalityLoad;
import dev.sluice.server.load.Requests;
import dev.sluice.server.load.Upstream;
import dev.sluice.server.load.UpstreamLocality;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Load that a proxy reports. */
final class Reported {
  private Reported() {}

  /** So many requests to a cluster in the last seconds. */
  static ProxyLoad of(String node, String cluster, long seconds, long requests) {
    Requests all = new Requests(requests, requests, 0, 0);
    return new ProxyLoad(
        node,
        LiveState.NOW,
        Optional.of(LiveState.NOW),
        new TreeMap<>(
            Map.of(
                new Upstream(cluster, ""),
                new ClusterLoad(
                    Duration.ofSeconds(seconds),
                    0,
                    0,
                    new TreeMap<>(
                        Map.of(
                            new UpstreamLocality("", "", "", 0), new LocalityLoad(all, all)))))));
  }
}
