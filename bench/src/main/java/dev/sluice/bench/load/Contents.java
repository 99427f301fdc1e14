package dev.sluice.bench.load;

import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The resources that every server serves. Change {@code n} (from 1) gives one endpoint of cluster
 * {@code n % clusters} an address that names {@code n}, by which a proxy knows the change.
 *
 * @param clusters how many clusters
 * @param endpoints how many endpoints each has
 */
record Contents(int clusters, int endpoints) {
  static final String CDS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
  static final String EDS = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

  /** What stands before the number in a changed endpoint's address. */
  static final String MARKER = "fd00:";

  private static final int PORT = 8080;

  /** All clusters. */
  List<Cluster> allClusters() {
    return IntStream.range(0, clusters).mapToObj(Contents::cluster).toList();
  }

  /** All assignments after change {@code last}, in the order of the clusters; modifiable. */
  List<ClusterLoadAssignment> allAssignments(int last) {
    List<ClusterLoadAssignment> all = new ArrayList<>();
    for (int number = 0; number < clusters; number++) {
      all.add(assignment(number, latest(number, last)));
    }
    return all;
  }

  /** The assignment that {@code change} brings. */
  ClusterLoadAssignment changed(int change) {
    return assignment(clusterOf(change), change);
  }

  /** The number of the cluster that {@code change} is about. */
  int clusterOf(int change) {
    return change % clusters;
  }

  /** The newest change up to {@code last} that is about that cluster; 0 for none. */
  private int latest(int number, int last) {
    int back = Math.floorMod(last - number, clusters);
    return Math.max(0, last - back);
  }

  private static String name(int number) {
    return String.format(Locale.ROOT, "outbound|80||service-%05d", number);
  }

  private static Cluster cluster(int number) {
    return Cluster.newBuilder()
        .setName(name(number))
        .setType(Cluster.DiscoveryType.EDS)
        .setConnectTimeout(Duration.newBuilder().setSeconds(1))
        .setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST)
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder()
                .setEdsConfig(
                    ConfigSource.newBuilder()
                        .setResourceApiVersion(ApiVersion.V3)
                        .setAds(AggregatedConfigSource.getDefaultInstance())))
        .build();
  }

  private ClusterLoadAssignment assignment(int number, int change) {
    LocalityLbEndpoints.Builder locality =
        LocalityLbEndpoints.newBuilder()
            .setLocality(Locality.newBuilder().setRegion("region").setZone("zone"));
    for (int i = 0; i < endpoints; i++) {
      boolean isChanged = i == 0 && change > 0;
      locality.addLbEndpoints(
          endpoint(
              isChanged
                  ? marked(change)
                  : "10." + (number >> 8) + "." + (number & 255) + "." + (i + 1)));
    }
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(name(number))
        .addEndpoints(locality)
        .build();
  }

  /** The address by which a proxy knows the change. */
  static String marked(int change) {
    return String.format(Locale.ROOT, "%s:%04x:%04x", MARKER, change >> 16, change & 0xffff);
  }

  private static LbEndpoint endpoint(String address) {
    return LbEndpoint.newBuilder()
        .setEndpoint(
            Endpoint.newBuilder()
                .setAddress(
                    Address.newBuilder()
                        .setSocketAddress(
                            SocketAddress.newBuilder().setAddress(address).setPortValue(PORT))))
        .build();
  }
}
