package dev.sluice.server.csds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client statuses at the wire, on the port that proxies connect to. */
class ClientStatusServiceTest {
  private final AtomicInteger asked = new AtomicInteger();
  private volatile CountDownLatch hold = new CountDownLatch(0);
  private final SnapshotStore store = new SnapshotStore();
  private XdsServer server;
  private ManagedChannel channel;
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

  private void publish(Resource... resources) {
    await().until(() -> store.groups().size() == 1);
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    for (Resource resource : resources) {
      builder.put(resource);
    }
    SnapshotDiff diff = builder.build();
    snapshot = diff.after();
    store.publish("test", Instant.now(), Map.of(store.groups().iterator().next(), diff));
  }

  private static Resource cluster(String name, String content) {
    Cluster cluster = Cluster.newBuilder().setName(name).setAltStatName(content).build();
    return Resource.of(ResourceType.CLUSTER, name, cluster, Provenance.NONE);
  }

  /** A proxy that asks for all clusters and answers when the test says so. */
  private final class Proxy implements StreamObserver<DeltaDiscoveryResponse> {
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

  private ClientStatusResponse fetch(ClientStatusRequest request) {
    return ClientStatusDiscoveryServiceGrpc.newBlockingStub(channel).fetchClientStatus(request);
  }

  private ClientStatusResponse fetch() {
    return fetch(ClientStatusRequest.getDefaultInstance());
  }

  private GenericXdsConfig only(String name) {
    assertThat(fetch().getConfigList()).hasSize(1);
    return fetch().getConfig(0).getGenericXdsConfigsList().stream()
        .filter(config -> config.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatAProxyAcknowledgedIsToldWithItsContents() throws Exception {
    Proxy proxy = new Proxy("one", "r1");
    publish(cluster("a", "1"));
    proxy.accept();
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.SYNCED);

    ClientConfig client = fetch().getConfig(0);
    assertThat(client.getNode().getId()).isEqualTo("one");
    assertThat(client.getNode().getUserAgentName()).isEqualTo("envoy");
    GenericXdsConfig config = client.getGenericXdsConfigs(0);
    assertThat(client.getGenericXdsConfigsCount()).isEqualTo(1);
    assertThat(config.getTypeUrl()).isEqualTo(ResourceType.CLUSTER.typeUrl());
    assertThat(config.getVersionInfo()).isEqualTo(cluster("a", "1").version());
    assertThat(config.getClientStatus()).isEqualTo(ClientResourceStatus.ACKED);
    assertThat(config.getXdsConfig()).isEqualTo(cluster("a", "1").packed());
    assertThat(config.getLastUpdated().getSeconds())
        .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
    assertThat(config.hasErrorState()).isFalse();

    ClientStatusRequest withoutContents =
        ClientStatusRequest.newBuilder().setExcludeResourceContents(true).build();
    GenericXdsConfig bare = fetch(withoutContents).getConfig(0).getGenericXdsConfigs(0);
    assertThat(bare.hasXdsConfig()).isFalse();
    assertThat(bare.getVersionInfo()).isEqualTo(cluster("a", "1").version());
  }

  @Test
  void whatIsOnItsWayIsRequestedAndWhatDoesNotExistIsSaidSo() {
    var _ = new Proxy("one", "r1", "a", "missing");
    publish(cluster("a", "1"));
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.STALE);
    assertThat(only("a").getClientStatus()).isEqualTo(ClientResourceStatus.REQUESTED);
    assertThat(only("a").getVersionInfo()).isEmpty();
    assertThat(only("missing").getConfigStatus()).isEqualTo(ConfigStatus.NOT_SENT);
    assertThat(only("missing").getClientStatus()).isEqualTo(ClientResourceStatus.DOES_NOT_EXIST);
  }

  @Test
  void whatIsMeantForAProxyAndNotSentIsRequested() {
    var _ = new Proxy("one", "r1");
    publish(cluster("a", "1"));
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.STALE);
    publish(cluster("b", "1"));
    assertThat(only("b").getConfigStatus())
        .as("a is not answered")
        .isEqualTo(ConfigStatus.NOT_SENT);
    assertThat(only("b").getClientStatus()).isEqualTo(ClientResourceStatus.REQUESTED);
  }

  @Test
  void aRefusalIsToldWithWhatWasRefusedBesideWhatTheProxyUses() throws Exception {
    Proxy proxy = new Proxy("one", "r1");
    publish(cluster("a", "1"));
    proxy.accept();
    publish(cluster("a", "bad"));
    proxy.refuse("cluster a: no");
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.ERROR);

    GenericXdsConfig config = only("a");
    assertThat(config.getClientStatus()).isEqualTo(ClientResourceStatus.NACKED);
    assertThat(config.getVersionInfo()).isEqualTo(cluster("a", "1").version());
    assertThat(config.hasXdsConfig()).as("the server has no old contents").isFalse();
    assertThat(config.getErrorState().getDetails()).isEqualTo("cluster a: no");
    assertThat(config.getErrorState().getVersionInfo()).isEqualTo(cluster("a", "bad").version());
    assertThat(config.getErrorState().getFailedConfiguration())
        .isEqualTo(cluster("a", "bad").packed());
    assertThat(config.getErrorState().hasLastUpdateAttempt()).isTrue();

    publish(cluster("a", "2"));
    proxy.accept();
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.SYNCED);
    assertThat(only("a").hasErrorState()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "{}; one two",
        "{nodeId: {exact: 'one'}}; one",
        "{nodeId: {exact: 'ONE', ignoreCase: true}}; one",
        "{nodeId: {prefix: 'o'}}; one",
        "{nodeId: {suffix: 'wo'}}; two",
        "{nodeId: {contains: 'n'}}; one",
        "{nodeId: {safeRegex: {regex: 'o.e|t.o'}}}; one two",
        "{nodeId: {safeRegex: {regex: 'o'}}}; ",
        "{nodeMetadatas: [{path: [{key: 'rack'}], value: {stringMatch: {exact: 'r2'}}}]}; two",
        "{nodeMetadatas: [{path: [{key: 'rack'}], value: {presentMatch: true}}]}; one two",
        "{nodeMetadatas: [{path: [{key: 'rock'}], value: {presentMatch: true}}]}; ",
        "{nodeMetadatas: [{path: [{key: 'rock'}], value: {presentMatch: false}}]}; one two",
        "{nodeMetadatas: [{path: [{key: 'rack'}], value: {boolMatch: true}}]}; ",
        "{nodeMetadatas: [{path: [{key: 'rack'}], value: {orMatch: {valueMatchers: ["
            + "{doubleMatch: {exact: 1}}, {stringMatch: {suffix: '1'}}]}}}]}; one",
        "{nodeId: {exact: 'one'}, nodeMetadatas: ["
            + "{path: [{key: 'rack'}], value: {stringMatch: {exact: 'r2'}}}]}; ",
      },
      delimiter = ';')
  void aMatcherChoosesProxies(String matcher, String wanted) throws Exception {
    var _ = new Proxy("one", "r1");
    var _ = new Proxy("two", "r2");
    await().until(() -> server.proxies().size() == 2);

    assertThat(fetch(request(matcher)).getConfigList())
        .extracting(client -> client.getNode().getId())
        .containsExactly(wanted == null ? new String[0] : wanted.split(" "));
  }

  @Test
  void oneOfSeveralMatchersIsEnough() throws Exception {
    var _ = new Proxy("one", "r1");
    var _ = new Proxy("two", "r2");
    var _ = new Proxy("three", "r2");
    await().until(() -> server.proxies().size() == 3);
    ClientStatusRequest either =
        request("{nodeId: {exact: 'one'}}").toBuilder()
            .mergeFrom(request("{nodeId: {prefix: 'th'}}"))
            .build();
    assertThat(fetch(either).getConfigList())
        .extracting(client -> client.getNode().getId())
        .containsExactly("one", "three");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "{nodeId: {}}; node_matchers[0].node_id: write exact, prefix, suffix, contains or safe_regex",
        "{nodeId: {custom: {name: 'x'}}}; node_matchers[0].node_id.custom: no extension is known",
        "{nodeId: {safeRegex: {regex: '('}}}; node_matchers[0].node_id.safe_regex: error parsing"
            + " regexp: missing closing ): `(`",
        "{nodeMetadatas: [{value: {presentMatch: true}}]}; node_matchers[0].node_metadatas[0].path:"
            + " write the keys that lead to the value",
        "{nodeMetadatas: [{path: [{key: 'a'}], value: {doubleMatch: {}}}]};"
            + " node_matchers[0].node_metadatas[0].value.double_match: write range or exact",
      },
      delimiter = ';')
  void aMatcherThatCannotBeAppliedIsRefused(String matcher, String message) throws Exception {
    ClientStatusRequest request = request(matcher);
    assertThatThrownBy(() -> fetch(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.getStatus().getDescription()).isEqualTo(message);
            });
  }

  private static ClientStatusRequest request(String matcher) throws Exception {
    ClientStatusRequest.Builder request = ClientStatusRequest.newBuilder();
    JsonFormat.parser().merge("{nodeMatchers: [" + matcher + "]}", request);
    return request.build();
  }

  @Test
  void aStreamAnswersEachRequestAndEndsAtABadMatcher() throws Exception {
    var _ = new Proxy("one", "r1");
    await().until(() -> server.proxies().size() == 1);
    BlockingQueue<ClientStatusResponse> responses = new LinkedBlockingQueue<>();
    CompletableFuture<Status> end = new CompletableFuture<>();
    StreamObserver<ClientStatusRequest> stream =
        ClientStatusDiscoveryServiceGrpc.newStub(channel)
            .streamClientStatus(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ClientStatusResponse response) {
                    responses.add(response);
                  }

                  @Override
                  public void onError(Throwable cause) {
                    end.complete(Status.fromThrowable(cause));
                  }

                  @Override
                  public void onCompleted() {
                    end.complete(Status.OK);
                  }
                });
    for (int i = 0; i < 2; i++) {
      stream.onNext(ClientStatusRequest.getDefaultInstance());
      ClientStatusResponse response = responses.poll(10, TimeUnit.SECONDS);
      assertThat(response).isNotNull();
      assertThat(response.getConfig(0).getNode().getId()).isEqualTo("one");
    }
    stream.onNext(request("{nodeId: {}}"));
    assertThat(end.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void probesAreAnsweredWhileStatusesTakeTheirTime() throws Exception {
    hold = new CountDownLatch(1);
    try {
      for (int i = 0; i < 4; i++) {
        var _ =
            ClientStatusDiscoveryServiceGrpc.newFutureStub(channel)
                .fetchClientStatus(ClientStatusRequest.getDefaultInstance());
      }
      await().until(() -> asked.get() >= 2);
      HealthCheckResponse health =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(10, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance());
      assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.NOT_SERVING);
    } finally {
      hold.countDown();
    }
  }

  @Test
  void aClientThatDoesNotReadIsNotAnsweredFurther() throws Exception {
    Proxy proxy = new Proxy("one", "r1");
    publish(cluster("a", "x".repeat(1 << 20)));
    proxy.accept();
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.SYNCED);
    asked.set(0);
    int requests = 20;
    LazyClient client = new LazyClient();
    StreamObserver<ClientStatusRequest> stream =
        ClientStatusDiscoveryServiceGrpc.newStub(channel).streamClientStatus(client);
    for (int i = 0; i < requests; i++) {
      stream.onNext(ClientStatusRequest.getDefaultInstance());
    }
    await().until(() -> asked.get() > 0);
    await().during(Duration.ofMillis(500)).until(() -> asked.get() < requests);
    client.call.join().request(requests);
    await().until(() -> client.responses.get() == requests);
    stream.onCompleted();
    client.ended.get(10, TimeUnit.SECONDS);
  }

  /** A client that reads when the test says so. */
  private static final class LazyClient
      implements ClientResponseObserver<ClientStatusRequest, ClientStatusResponse> {
    final AtomicInteger responses = new AtomicInteger();
    final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    final CompletableFuture<ClientCallStreamObserver<ClientStatusRequest>> call =
        new CompletableFuture<>();

    @Override
    public void beforeStart(ClientCallStreamObserver<ClientStatusRequest> stream) {
      call.complete(stream);
      stream.disableAutoRequestWithInitial(0);
    }

    @Override
    public void onNext(ClientStatusResponse response) {
      responses.incrementAndGet();
    }

    @Override
    public void onError(Throwable cause) {
      ended.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      ended.complete(true);
    }
  }

  @Test
  void aSecretsContentIsNotTold() throws Exception {
    Proxy proxy = new Proxy("one", "r1", "none");
    String type = ResourceType.SECRET.typeUrl();
    proxy.server.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(type)
            .addResourceNamesSubscribe("key")
            .build());
    Secret secret = Secret.newBuilder().setName("key").build();
    publish(Resource.of(ResourceType.SECRET, "key", secret, Provenance.NONE));
    DeltaDiscoveryResponse response = proxy.receive();
    while (!response.getTypeUrl().equals(type)) {
      response = proxy.receive();
    }
    proxy.server.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(type)
            .setResponseNonce(response.getNonce())
            .build());
    await().until(() -> only("key").getConfigStatus() == ConfigStatus.SYNCED);
    assertThat(only("key").getVersionInfo()).isNotEmpty();
    assertThat(only("key").hasXdsConfig()).isFalse();
  }
}
