package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.snapshot.ResourceType.VIRTUAL_HOST;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.resource;
import static dev.sluice.server.xds.Fixtures.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotBuilder;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.Vhds;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.service.cluster.v3.ClusterDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.route.v3.RouteDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.route.v3.VirtualHostDiscoveryServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The services of one type at the wire. */
class DiscoveryServicesTest extends ServerTest {
  static Stream<Arguments> stateOfTheWorld() {
    return Arrays.stream(ResourceType.values())
        .filter(type -> type != VIRTUAL_HOST)
        .map(type -> Arguments.of(type, OneTypeMethods.sotw(type)));
  }

  static Stream<Arguments> difference() {
    return Arrays.stream(ResourceType.values())
        .map(type -> Arguments.of(type, OneTypeMethods.delta(type)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stateOfTheWorld")
  void aTypesOwnServiceTakesRequestsWithoutATypeAndAnswersAsAnyStreamDoes(
      ResourceType type, MethodDescriptor<DiscoveryRequest, DiscoveryResponse> method)
      throws Exception {
    var client = AdsClient.of(channel, method);
    client.send(
        DiscoveryRequest.newBuilder()
            .setNode(AdsClient.node("one"))
            .addResourceNames("a")
            .addResourceNames("b")
            .build());
    publish(resource(type, "a"), cluster("other", "1"), route("other", "1"));
    DiscoveryResponse first = client.receive();
    assertThat(first.getTypeUrl()).isEqualTo(type.typeUrl());
    assertThat(first.getResourcesList()).containsExactly(resource(type, "a").packed());
    client.send(
        DiscoveryRequest.newBuilder()
            .setVersionInfo(first.getVersionInfo())
            .setResponseNonce(first.getNonce())
            .addResourceNames("a")
            .addResourceNames("b")
            .setTypeUrl(type.typeUrl())
            .build());
    await().until(() -> status(type).sync() == NodeStatus.Sync.SYNCED);
    assertThat(status(type).ackedVersion()).isEqualTo(first.getVersionInfo());
    publish(resource(type, "b"), resource(type, "unwanted"));
    assertThat(client.receive().getResourcesList()).contains(resource(type, "b").packed());
    assertThat(client.unread()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("difference")
  void aTypesOwnServiceSpeaksDeltaToo(
      ResourceType type, MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> method)
      throws Exception {
    var client = AdsClient.of(channel, method);
    client.send(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(AdsClient.node("one"))
            .addResourceNamesSubscribe("a")
            .addResourceNamesSubscribe("b")
            .build());
    publish(resource(type, "a"), resource(type, "b"), cluster("other", "1"), route("other", "1"));
    DeltaDiscoveryResponse first = client.receive();
    assertThat(first.getTypeUrl()).isEqualTo(type.typeUrl());
    assertThat(first.getResourcesList())
        .extracting(io.envoyproxy.envoy.service.discovery.v3.Resource::getResource)
        .containsExactly(resource(type, "a").packed(), resource(type, "b").packed());
    client.send(DeltaDiscoveryRequest.newBuilder().setResponseNonce(first.getNonce()).build());
    publish(new SnapshotBuilder(snapshot).remove(type, "a").build());
    DeltaDiscoveryResponse second = client.receive();
    assertThat(second.getRemovedResourcesList()).containsExactly("a");
    assertThat(second.getResourcesList()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stateOfTheWorld")
  void anotherTypesUrlIsRefused(
      ResourceType type, MethodDescriptor<DiscoveryRequest, DiscoveryResponse> method)
      throws Exception {
    ResourceType other = type == CLUSTER ? ENDPOINT : CLUSTER;
    var client = AdsClient.of(channel, method);
    client.send(
        DiscoveryRequest.newBuilder()
            .setNode(AdsClient.node("one"))
            .setTypeUrl(other.typeUrl())
            .build());
    assertThat(client.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(client.end().getDescription())
        .isEqualTo(
            "type_url is %s; a stream of %s takes %s, or none"
                .formatted(other.typeUrl(), type.shortName(), type.typeUrl()));
    await().until(() -> store.groups().isEmpty());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("difference")
  void anotherTypesUrlIsRefusedInDeltaAlsoWhenItComesLater(
      ResourceType type, MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> method)
      throws Exception {
    var client = AdsClient.of(channel, method);
    client.send(DeltaDiscoveryRequest.newBuilder().setNode(AdsClient.node("one")).build());
    client.send(DeltaDiscoveryRequest.newBuilder().setTypeUrl("type.googleapis.com/x.Y").build());
    assertThat(client.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(client.end().getDescription()).startsWith("type_url is type.googleapis.com/x.Y");
    await().until(() -> store.groups().isEmpty());
  }

  private NodeStatus.TypeStatus status(ResourceType type) {
    return Objects.requireNonNull(server.proxies().getFirst().types().get(type));
  }

  @Test
  void theStreamsOfOneProxyAreShownAsOneProxy() throws Exception {
    var clusters = AdsClient.of(channel, ClusterDiscoveryServiceGrpc.getStreamClustersMethod());
    clusters.send(DiscoveryRequest.newBuilder().setNode(AdsClient.node("one")).build());
    for (String name : List.of("a", "b")) {
      AdsClient.of(channel, EndpointDiscoveryServiceGrpc.getStreamEndpointsMethod())
          .send(
              DiscoveryRequest.newBuilder()
                  .setNode(AdsClient.node("one"))
                  .addResourceNames(name)
                  .build());
    }
    publish(cluster("a", "1"), cluster("b", "1"), assignment("a", 1), assignment("b", 1));
    clusters.receive();
    await()
        .untilAsserted(
            () -> {
              assertThat(server.proxies()).hasSize(1);
              assertThat(status(ENDPOINT).resources()).containsOnlyKeys("a", "b");
            });
    assertThat(status(ENDPOINT).names()).containsExactly("a", "b");
    assertThat(status(CLUSTER).names()).containsExactly("*");
    assertThat(status(CLUSTER).sync()).isEqualTo(NodeStatus.Sync.WAITING);
  }

  @Test
  void aRouteDoesNotWaitForClustersThatItsStreamCannotHearOf() throws Exception {
    var clusters = AdsClient.of(channel, ClusterDiscoveryServiceGrpc.getDeltaClustersMethod());
    clusters.send(DeltaDiscoveryRequest.newBuilder().setNode(AdsClient.node("one")).build());
    var routes = AdsClient.of(channel, RouteDiscoveryServiceGrpc.getDeltaRoutesMethod());
    routes.send(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(AdsClient.node("one"))
            .addResourceNamesSubscribe("r")
            .build());
    publish(cluster("a", "1"), route("r", "1"));
    clusters.receive(); // and is never acknowledged
    assertThat(routes.receive().getResources(0).getName()).isEqualTo("r");
  }

  @Test
  void aClusterLeavesAtOnceThoughTheClientComesBackWithIt() throws Exception {
    var client = AdsClient.of(channel, ClusterDiscoveryServiceGrpc.getDeltaClustersMethod());
    client.send(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(AdsClient.node("one"))
            .putInitialResourceVersions("gone", "1")
            .build());
    publish(cluster("a", "1"));
    DeltaDiscoveryResponse response = client.receive();
    assertThat(response.getResources(0).getName()).isEqualTo("a");
    assertThat(response.getRemovedResourcesList()).containsExactly("gone");
  }

  @Test
  void virtualHostsComeOnDemand() throws Exception {
    var client =
        AdsClient.of(channel, VirtualHostDiscoveryServiceGrpc.getDeltaVirtualHostsMethod());
    client.send(DeltaDiscoveryRequest.newBuilder().setNode(AdsClient.node("one")).build());
    publish(virtualHost("table/known"), table(), route("all", "told"));
    DeltaDiscoveryResponse first = client.receive();
    assertThat(first.getResourcesList())
        .as("nothing was demanded yet, but the route configuration waits for a word")
        .containsExactly(unresolved("table/"));
    assertThat(first.getTypeUrl()).isEqualTo(VIRTUAL_HOST.typeUrl());

    client.send(
        DeltaDiscoveryRequest.newBuilder()
            .setResponseNonce(first.getNonce())
            .addResourceNamesSubscribe("table/known")
            .addResourceNamesSubscribe("table/unknown")
            .build());
    DeltaDiscoveryResponse second = client.receive();
    assertThat(second.getRemovedResourcesList()).isEmpty();
    assertThat(second.getResourcesList()).hasSize(2);
    assertThat(second.getResources(0).getResource()).isEqualTo(virtualHost("table/known").packed());
    assertThat(second.getResources(1))
        .as("a name without a body, itself the alias, says that there is none")
        .isEqualTo(unresolved("table/unknown"));

    client.send(DeltaDiscoveryRequest.newBuilder().setResponseNonce(second.getNonce()).build());
    publish(virtualHost("table/unknown"));
    DeltaDiscoveryResponse third = client.receive();
    assertThat(third.getResourcesList()).hasSize(1);
    assertThat(third.getResources(0).getResource())
        .as("it exists now, and is told unasked")
        .isEqualTo(virtualHost("table/unknown").packed());

    client.send(DeltaDiscoveryRequest.newBuilder().setResponseNonce(third.getNonce()).build());
    publish(new SnapshotBuilder(snapshot).remove(VIRTUAL_HOST, "table/known").build());
    assertThat(client.receive().getRemovedResourcesList()).containsExactly("table/known");
  }

  private static io.envoyproxy.envoy.service.discovery.v3.Resource unresolved(String name) {
    return io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
        .setName(name)
        .addAliases(name)
        .build();
  }

  private static Resource table() {
    RouteConfiguration table =
        RouteConfiguration.newBuilder().setName("table").setVhds(Vhds.getDefaultInstance()).build();
    return Resource.of(ROUTE, "table", table, Provenance.NONE);
  }

  private static Resource virtualHost(String name) {
    VirtualHost host =
        VirtualHost.newBuilder()
            .setName(name)
            .addDomains(name.substring(name.indexOf('/') + 1))
            .build();
    return Resource.of(VIRTUAL_HOST, name, host, Provenance.NONE);
  }
}
