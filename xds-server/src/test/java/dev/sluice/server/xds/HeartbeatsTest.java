package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Times to live at the wire. */
class HeartbeatsTest extends ServerTest {
  private static final Duration TTL = Duration.ofMillis(400);
  private static final String WRAPPER = "type.googleapis.com/envoy.service.discovery.v3.Resource";

  private static DeltaDiscoveryRequest.Builder delta(ResourceType type) {
    return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
  }

  private static DeltaDiscoveryRequest ack(ResourceType type, DeltaDiscoveryResponse response) {
    return delta(type).setResponseNonce(response.getNonce()).build();
  }

  private static DiscoveryRequest ack(DiscoveryResponse response, String... names) {
    return DiscoveryRequest.newBuilder()
        .setTypeUrl(response.getTypeUrl())
        .setVersionInfo(response.getVersionInfo())
        .setResponseNonce(response.getNonce())
        .addAllResourceNames(List.of(names))
        .build();
  }

  private NodeStatus.TypeStatus status(ResourceType type) {
    return Objects.requireNonNull(server.proxies().getFirst().types().get(type));
  }

  @Test
  void inDeltaAHeartbeatHasNameVersionAndTimeAndNoContent() throws Exception {
    var client = AdsClient.delta(channel);
    client.send(delta(CLUSTER).setNode(AdsClient.node("one")).build());
    Resource mortal = cluster("a", "1").withTtl(TTL);
    publish(mortal, cluster("b", "1"));
    DeltaDiscoveryResponse first = client.receive();
    assertThat(first.getResources(0).getTtl()).isEqualTo(Durations.fromMillis(400));
    assertThat(first.getResources(0).getResource()).isEqualTo(cluster("a", "1").packed());
    assertThat(first.getResources(1).hasTtl()).isFalse();
    client.send(ack(CLUSTER, first));
    for (int i = 0; i < 3; i++) {
      DeltaDiscoveryResponse beat = client.receive();
      assertThat(beat.getNonce()).isEqualTo(first.getNonce());
      assertThat(beat.getResourcesList())
          .containsExactly(
              io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
                  .setName("a")
                  .setVersion(mortal.version())
                  .setTtl(Durations.fromMillis(400))
                  .build());
      client.send(ack(CLUSTER, beat));
    }
    assertThat(status(CLUSTER).sync()).isEqualTo(NodeStatus.Sync.SYNCED);

    publish(cluster("a", "2").withTtl(TTL));
    DeltaDiscoveryResponse next = client.receive();
    while (next.getNonce().equals(first.getNonce())) {
      next = client.receive();
    }
    assertThat(next.getResources(0).getResource()).isEqualTo(cluster("a", "2").packed());
  }

  @Test
  void nothingBeatsForWhatWasNotAccepted() throws Exception {
    var client = AdsClient.delta(channel);
    client.send(delta(CLUSTER).setNode(AdsClient.node("one")).build());
    publish(cluster("a", "bad").withTtl(Duration.ofMillis(20)));
    DeltaDiscoveryResponse bad = client.receive();
    client.send(
        delta(CLUSTER)
            .setResponseNonce(bad.getNonce())
            .setErrorDetail(com.google.rpc.Status.newBuilder().setMessage("no"))
            .build());
    await().until(() -> status(CLUSTER).sync() == NodeStatus.Sync.REFUSED);
    publish(cluster("b", "1"));
    assertThat(client.receive().getResources(0).getName())
        .as("no heartbeat of a came before")
        .isEqualTo("b");
  }

  @Test
  void aClientThatComesBackHearsAtOnceOfWhatItHas() throws Exception {
    Resource mortal = cluster("a", "1").withTtl(Duration.ofHours(1));
    var client = AdsClient.delta(channel);
    client.send(
        delta(CLUSTER)
            .setNode(AdsClient.node("one"))
            .putInitialResourceVersions("a", mortal.version())
            .build());
    publish(mortal);
    DeltaDiscoveryResponse beat = client.receive();
    assertThat(beat.getResources(0).getName()).isEqualTo("a");
    assertThat(beat.getResources(0).hasResource()).isFalse();
  }

  @Test
  void inTheStateOfTheWorldAWrapperHoldsTheTimeAndAHeartbeatHasTheContentToo() throws Exception {
    var client = AdsClient.sotw(channel);
    client.send(
        DiscoveryRequest.newBuilder()
            .setNode(AdsClient.node("one"))
            .setTypeUrl(ENDPOINT.typeUrl())
            .addResourceNames("a")
            .addResourceNames("b")
            .build());
    publish(assignment("a", 1).withTtl(TTL), assignment("b", 1));
    DiscoveryResponse first = client.receive();
    assertThat(first.getResources(0).getTypeUrl()).isEqualTo(WRAPPER);
    assertThat(first.getResources(1)).isEqualTo(assignment("b", 1).packed());
    client.send(ack(first, "a", "b"));
    DiscoveryResponse beat = client.receive();
    assertThat(beat.getVersionInfo()).isEqualTo(first.getVersionInfo());
    assertThat(beat.getNonce()).isEqualTo(first.getNonce());
    assertThat(beat.getResourcesList()).containsExactly(first.getResources(0));
    var wrapper =
        beat.getResources(0).unpack(io.envoyproxy.envoy.service.discovery.v3.Resource.class);
    assertThat(wrapper.getTtl()).isEqualTo(Durations.fromMillis(400));
    assertThat(wrapper.getResource()).isEqualTo(assignment("a", 1).packed());

    client.send(ack(beat, "a", "b", "c"));
    publish(assignment("c", 1));
    DiscoveryResponse next = client.receive();
    while (next.getNonce().equals(first.getNonce())) {
      next = client.receive();
    }
    assertThat(next.getResourcesList())
        .as("a request after a heartbeat is no stale one")
        .contains(assignment("c", 1).packed());
  }

  @Test
  void aHeartbeatOfATypeWhoseResponsesAreWholeIsWhole() throws Exception {
    var client = AdsClient.sotw(channel);
    client.send(
        DiscoveryRequest.newBuilder()
            .setNode(AdsClient.node("one"))
            .setTypeUrl(CLUSTER.typeUrl())
            .build());
    publish(cluster("a", "1").withTtl(TTL), cluster("b", "1"));
    DiscoveryResponse first = client.receive();
    client.send(ack(first));
    assertThat(client.receive().getResourcesList()).isEqualTo(first.getResourcesList());
  }

  @Test
  void aClientThatDoesNotKnowTimesToLiveIsToldNone() throws Exception {
    Node.Builder grpc = AdsClient.node("one").toBuilder().setUserAgentName("gRPC Java");
    grpc.addClientFeatures("xds.config.resource-in-sotw");
    var sotw = AdsClient.sotw(channel);
    sotw.send(DiscoveryRequest.newBuilder().setNode(grpc).setTypeUrl(CLUSTER.typeUrl()).build());
    var delta = AdsClient.delta(channel);
    delta.send(delta(CLUSTER).setNode(grpc).build());
    publish(cluster("a", "1").withTtl(Duration.ofMillis(20)));
    assertThat(sotw.receive().getResources(0)).isEqualTo(cluster("a", "1").packed());
    DeltaDiscoveryResponse response = delta.receive();
    assertThat(response.getResources(0).hasTtl()).isFalse();
    delta.send(ack(CLUSTER, response));
    await().until(() -> server.proxies().stream().allMatch(it -> it.types().size() == 1));
    publish(cluster("b", "1"));
    assertThat(delta.receive().getResources(0).getName()).isEqualTo("b");
  }

  @Test
  void aTimeToLiveIsPositiveAndMakesAnotherVersion() {
    Resource immortal = cluster("a", "1");
    assertThat(immortal.withTtl(TTL).version())
        .isNotEqualTo(immortal.version())
        .isNotEqualTo(immortal.withTtl(TTL.plusMillis(1)).version());
    assertThat(immortal.withTtl(TTL)).isEqualTo(cluster("a", "1").withTtl(TTL));
    assertThatThrownBy(() -> immortal.withTtl(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive");
  }
}
