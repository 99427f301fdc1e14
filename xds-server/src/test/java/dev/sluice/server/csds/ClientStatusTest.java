package dev.sluice.server.csds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.XdsMetrics;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.server.xds.XdsServerSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server on a real port that tells client statuses, its snapshots, and the proxies that come. */
abstract class ClientStatusTest {
  final AtomicInteger asked = new AtomicInteger();
  volatile CountDownLatch hold = new CountDownLatch(0);
  final SnapshotStore store = new SnapshotStore();
  XdsServer server;
  ManagedChannel channel;
  private Snapshot snapshot = Snapshot.EMPTY;

  @BeforeEach
  void start() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    server =
        new XdsServer(
            XdsServerSettings.at(new InetSocketAddress(loopback, 0)),
            store,
            XdsMetrics.NONE,
            List.of(new ClientStatusService(this::proxies, store::current, store::revisions)));
    server.start();
    InetSocketAddress address = new InetSocketAddress(loopback, server.port());
    channel = NettyChannelBuilder.forAddress(address).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private List<NodeStatus> proxies() {
    asked.incrementAndGet();
    try {
      hold.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return server.proxies();
  }

  void publish(Resource... resources) {
    await().until(() -> store.groups().size() == 1);
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    for (Resource resource : resources) {
      builder.put(resource);
    }
    SnapshotDiff diff = builder.build();
    snapshot = diff.after();
    store.publish("test", Instant.now(), Map.of(store.groups().iterator().next(), diff));
  }

  static Resource cluster(String name, String content) {
    Cluster cluster = Cluster.newBuilder().setName(name).setAltStatName(content).build();
    return Resource.of(ResourceType.CLUSTER, name, cluster, Provenance.NONE);
  }

  /** A proxy that asks for all clusters and answers when the test says so. */
  final class Proxy implements StreamObserver<DeltaDiscoveryResponse> {
    final BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
    final StreamObserver<DeltaDiscoveryRequest> server =
        AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);

    Proxy(String id, String rack, String... names) {
      Struct metadata =
          Struct.newBuilder()
              .putFields("rack", Value.newBuilder().setStringValue(rack).build())
              .build();
      send(
          DeltaDiscoveryRequest.newBuilder()
              .setNode(
                  Node.newBuilder()
                      .setId(id)
                      .setCluster("web.shop")
                      .setUserAgentName("envoy")
                      .setMetadata(metadata))
              .addAllResourceNamesSubscribe(List.of(names)));
    }

    private void send(DeltaDiscoveryRequest.Builder request) {
      server.onNext(request.setTypeUrl(ResourceType.CLUSTER.typeUrl()).build());
    }

    DeltaDiscoveryResponse receive() throws InterruptedException {
      DeltaDiscoveryResponse response = responses.poll(10, TimeUnit.SECONDS);
      assertThat(response).isNotNull();
      return response;
    }

    void accept() throws InterruptedException {
      send(DeltaDiscoveryRequest.newBuilder().setResponseNonce(receive().getNonce()));
    }

    void refuse(String message) throws InterruptedException {
      send(
          DeltaDiscoveryRequest.newBuilder()
              .setResponseNonce(receive().getNonce())
              .setErrorDetail(com.google.rpc.Status.newBuilder().setMessage(message)));
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
      responses.add(response);
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  ClientStatusResponse fetch(ClientStatusRequest request) {
    return ClientStatusDiscoveryServiceGrpc.newBlockingStub(channel).fetchClientStatus(request);
  }

  ClientStatusResponse fetch() {
    return fetch(ClientStatusRequest.getDefaultInstance());
  }

  GenericXdsConfig only(String name) {
    assertThat(fetch().getConfigList()).hasSize(1);
    return fetch().getConfig(0).getGenericXdsConfigsList().stream()
        .filter(config -> config.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static ClientStatusRequest request(String matcher) throws Exception {
    ClientStatusRequest.Builder request = ClientStatusRequest.newBuilder();
    JsonFormat.parser().merge("{nodeMatchers: [" + matcher + "]}", request);
    return request.build();
  }
}
