package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Status;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The engine at the wire: a raw client on a real port. */
class XdsServerTest extends ServerTest {
  private static DiscoveryRequest.Builder sotw(ResourceType type) {
    return DiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
  }

  private static DeltaDiscoveryRequest.Builder delta(ResourceType type) {
    return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
  }

  private static DiscoveryRequest ack(ResourceType type, DiscoveryResponse response) {
    return sotw(type)
        .setVersionInfo(response.getVersionInfo())
        .setResponseNonce(response.getNonce())
        .build();
  }

  @Test
  void aProxyWaitsForItsGroupsFirstSnapshotAndIsThenServedInBothVariants() throws Exception {
    var sotw = AdsClient.sotw(channel);
    sotw.send(sotw(CLUSTER).setNode(AdsClient.node("one")).build());
    var delta = AdsClient.delta(channel);
    delta.send(delta(CLUSTER).setNode(AdsClient.node("two")).build());
    await().until(() -> server.proxies().size() == 2);
    assertThat(sotw.unread() + delta.unread()).isZero();
    assertThat(store.groups()).as("the two are one group").hasSize(1);

    publish(cluster("a", "1"));
    DiscoveryResponse world = sotw.receive();
    assertThat(world.getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    assertThat(world.getVersionInfo()).isEqualTo(snapshot.hash(CLUSTER).toString());
    assertThat(world.getResourcesList()).containsExactly(cluster("a", "1").packed());
    assertThat(world.getNonce()).isNotEmpty();
    DeltaDiscoveryResponse difference = delta.receive();
    assertThat(difference.getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    assertThat(difference.getSystemVersionInfo()).isEqualTo(world.getVersionInfo());
    assertThat(difference.getResources(0).getName()).isEqualTo("a");
    assertThat(difference.getResources(0).getVersion()).isEqualTo(cluster("a", "1").version());
    assertThat(difference.getResources(0).getResource()).isEqualTo(cluster("a", "1").packed());
  }

  @Test
  void theNodeOfTheFirstRequestIsRememberedAndAcksAreKnown() throws Exception {
    var client = AdsClient.sotw(channel);
    client.send(sotw(CLUSTER).setNode(AdsClient.node("one")).build());
    publish(cluster("a", "1"), assignment("a", 1));
    DiscoveryResponse clusters = client.receive();
    client.send(sotw(ENDPOINT).addResourceNames("a").build());
    assertThat(client.receive().getTypeUrl()).isEqualTo(ENDPOINT.typeUrl());
    client.send(ack(CLUSTER, clusters));
    await().until(() -> clusterStatus().sync() == NodeStatus.Sync.SYNCED);
    assertThat(clusterStatus().ackedVersion()).isEqualTo(clusters.getVersionInfo());
    assertThat(clusterStatus().names()).isEqualTo(Set.of("*"));
    String version = cluster("a", "1").version();
    assertThat(clusterStatus().resources())
        .isEqualTo(Map.of("a", new ResourceVersions(version, version)));
    assertThat(client.unread()).isZero();
  }

  private NodeStatus.TypeStatus clusterStatus() {
    NodeStatus.TypeStatus status = server.proxies().getFirst().types().get(CLUSTER);
    assertThat(status).isNotNull();
    return status;
  }

  @Test
  void aNackIsShownWithTheProxysMessageAndIsNotAnswered() throws Exception {
    var client = AdsClient.delta(channel);
    client.send(delta(CLUSTER).setNode(AdsClient.node("one")).build());
    publish(cluster("a", "bad"));
    DeltaDiscoveryResponse bad = client.receive();
    client.send(
        delta(CLUSTER)
            .setResponseNonce(bad.getNonce())
            .setErrorDetail(Status.newBuilder().setMessage("cluster a: no"))
            .build());
    await().until(() -> clusterStatus().sync() == NodeStatus.Sync.REFUSED);
    NodeStatus.Nack nack = clusterStatus().lastNack().orElseThrow();
    assertThat(nack.message()).isEqualTo("cluster a: no");
    assertThat(nack.names()).containsExactly("a");
    assertThat(nack.at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    client.send(delta(LISTENER).build());
    publish(cluster("b", "1"));
    assertThat(client.receive().getResources(0).getName())
        .as("nothing came between the refusal and the change")
        .isEqualTo("b");
  }

  @Test
  void aHalfCloseEndsWithOkAndEverythingIsReleased() throws Exception {
    var client = AdsClient.sotw(channel);
    client.send(sotw(CLUSTER).setNode(AdsClient.node("one")).build());
    publish(cluster("a", "1"));
    client.receive();
    client.halfClose();
    assertThat(client.end().isOk()).isTrue();
    assertThat(server.proxies()).isEmpty();
    assertThat(store.groups()).isEmpty();
  }

  @Test
  void aCancelledStreamIsReleased() throws Exception {
    var client = AdsClient.delta(channel);
    client.send(delta(CLUSTER).setNode(AdsClient.node("one")).build());
    publish(cluster("a", "1"));
    client.receive();
    client.cancel();
    await().until(() -> server.proxies().isEmpty() && store.groups().isEmpty());
  }

  @Test
  void anUnknownTypeIsPassedOver() throws Exception {
    var client = AdsClient.sotw(channel);
    client.send(
        DiscoveryRequest.newBuilder()
            .setTypeUrl("type.googleapis.com/no.such.Thing")
            .setNode(AdsClient.node("one"))
            .build());
    client.send(sotw(CLUSTER).build());
    publish(cluster("a", "1"));
    assertThat(client.receive().getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
  }

  @Test
  void aStreamWithoutANodeOrATypeIsRefused() throws Exception {
    var nameless = AdsClient.sotw(channel);
    nameless.send(sotw(CLUSTER).build());
    assertThat(nameless.end().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    assertThat(nameless.end().getDescription())
        .isEqualTo("the first request of a stream has no node");
    var typeless = AdsClient.delta(channel);
    typeless.send(DeltaDiscoveryRequest.newBuilder().setNode(AdsClient.node("one")).build());
    assertThat(typeless.end().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    assertThat(store.groups()).isEmpty();
  }

  @Test
  void aProxyThatComesBackToAnotherServerIsSentNothing() throws Exception {
    var client = AdsClient.delta(channel);
    client.send(
        delta(CLUSTER)
            .setNode(AdsClient.node("one"))
            .putInitialResourceVersions("a", cluster("a", "1").version())
            .build());
    publish(cluster("a", "1"), assignment("a", 1));
    client.send(
        delta(ENDPOINT)
            .addResourceNamesSubscribe("a")
            .putInitialResourceVersions("a", assignment("a", 1).version())
            .build());
    publish(cluster("a", "2"));
    assertThat(client.receive().getResources(0).getVersion())
        .as("the first response is the change")
        .isEqualTo(cluster("a", "2").version());
  }

  @Test
  void healthIsServed() {
    var health = HealthGrpc.newBlockingStub(channel);
    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
        .as("proxies would wait")
        .isEqualTo(ServingStatus.NOT_SERVING);
    server.ready();
    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }
}
