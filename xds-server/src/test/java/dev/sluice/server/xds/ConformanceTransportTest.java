package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.VIRTUAL_HOST;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.resource;
import static dev.sluice.server.xds.Wire.DELTA_AGGREGATED;
import static dev.sluice.server.xds.Wire.DELTA_ONE_TYPE;
import static dev.sluice.server.xds.Wire.SOTW_AGGREGATED;
import static dev.sluice.server.xds.Wire.SOTW_ONE_TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.csds.ClientStatusService;
import dev.sluice.server.load.LoadMetrics;
import dev.sluice.server.load.LoadReportingService;
import dev.sluice.server.load.ProxyLoad;
import dev.sluice.server.load.Upstream;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import io.envoyproxy.envoy.service.load_stats.v3.LoadReportingServiceGrpc;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.grpc.BindableService;
import io.grpc.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

@Section(value = "Transport", place = 1)
class ConformanceTransportTest extends WireTest {
  private static final String UNKNOWN = "type.googleapis.com/no.such.Thing";

  private final List<String> unknownTypes = Collections.synchronizedList(new ArrayList<>());
  private final LoadReportingService load =
      new LoadReportingService(Duration.ofSeconds(1), InstantSource.system(), LoadMetrics.NONE);

  @Override
  XdsMetrics metrics() {
    return new XdsMetrics() {
      @Override
      public void unknownType(String typeUrl) {
        unknownTypes.add(typeUrl);
      }
    };
  }

  @Override
  List<BindableService> services() {
    return List.of(
        new ClientStatusService(() -> server.proxies(), store::current, store::revisions), load);
  }

  @Behaviour("LDS, RDS, SRDS, CDS, EDS, SDS, RTDS and ECDS are served.")
  void everyTypeIsServed(Wire wire) throws Exception {
    List<ResourceType> types = new ArrayList<>(List.of(ResourceType.values()));
    types.remove(VIRTUAL_HOST);
    publish(types.stream().map(type -> resource(type, "a")).toArray(Resource[]::new));
    WireProxy proxy = proxy(wire);
    for (ResourceType type : types) {
      proxy.ask(type, "a");
      assertThat(proxy.accept(type).resources()).containsExactly(resource(type, "a"));
    }
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "VHDS: a virtual host comes when it is asked for; a name without one is told empty.",
      on = {DELTA_AGGREGATED, DELTA_ONE_TYPE})
  void virtualHostsComeOnDemand(Wire wire) throws Exception {
    publish(resource(VIRTUAL_HOST, "table/known"), resource(VIRTUAL_HOST, "table/other"));
    WireProxy proxy = proxy(wire);
    proxy.ask(VIRTUAL_HOST, "table/known", "table/unknown");
    Received answer = proxy.accept(VIRTUAL_HOST);
    assertThat(answer.resources())
        .containsExactly(
            resource(VIRTUAL_HOST, "table/known"),
            Resource.unresolved(VIRTUAL_HOST, "table/unknown"));
    assertThat(answer.removed()).isEmpty();
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "A request for an unknown type is counted and passed over; the stream goes on.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void anUnknownTypeIsPassedOver(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.sayOddly(CLUSTER, UNKNOWN, AdsClient.node("one"));
    assertQuiet(proxy);
    proxy.ask(CLUSTER);
    assertThat(proxy.accept(CLUSTER).names()).containsExactly("a");
    assertThat(unknownTypes).containsExactly(UNKNOWN);
  }

  @Behaviour("The node of a stream's first request holds for the stream.")
  void theNodeIsRemembered(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"));
    WireProxy proxy = proxy(wire, "the-node");
    proxy.ask(CLUSTER, "a");
    proxy.accept(CLUSTER);
    proxy.ask(CLUSTER, "b");
    assertThat(proxy.accept(CLUSTER).names()).contains("b");
    heard();
    assertThat(status("the-node", CLUSTER).names()).containsExactly("a", "b");
    assertThat(server.proxies()).hasSize(1);
  }

  @Behaviour("A stream whose first request has no node ends with INVALID_ARGUMENT.")
  void aStreamWithoutANodeEnds(Wire wire) throws Exception {
    WireProxy proxy = proxy(wire);
    proxy.sayOddly(CLUSTER, CLUSTER.typeUrl(), Node.getDefaultInstance());
    Status end = proxy.stream(CLUSTER).end();
    assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.getDescription()).isEqualTo("the first request of a stream has no node");
    assertThat(server.proxies()).isEmpty();
  }

  @Behaviour(
      value = "A request without a type_url ends an aggregated stream with INVALID_ARGUMENT.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void anAggregatedRequestNeedsAType(Wire wire) throws Exception {
    WireProxy proxy = proxy(wire);
    proxy.sayOddly(CLUSTER, "", AdsClient.node("one"));
    Status end = proxy.stream(CLUSTER).end();
    assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.getDescription()).isEqualTo("type_url is empty; an aggregated stream needs it");
  }

  @Behaviour(
      value = "A service of one type takes requests without a type_url, and with that type's.",
      on = {SOTW_ONE_TYPE, DELTA_ONE_TYPE})
  void aServiceOfOneTypeNeedsNoTypeUrl(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    for (String url : List.of("", CLUSTER.typeUrl())) {
      WireProxy proxy = proxy(wire, "asks " + url);
      proxy.sayOddly(CLUSTER, url, AdsClient.node("one"));
      assertThat(proxy.receive(CLUSTER).names()).containsExactly("a");
    }
  }

  @Behaviour(
      value = "Another type's type_url ends a stream of one type with INVALID_ARGUMENT.",
      on = {SOTW_ONE_TYPE, DELTA_ONE_TYPE})
  void anotherTypesUrlEndsTheStream(Wire wire) throws Exception {
    WireProxy proxy = proxy(wire);
    proxy.sayOddly(CLUSTER, ENDPOINT.typeUrl(), AdsClient.node("one"));
    Status end = proxy.stream(CLUSTER).end();
    assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.getDescription()).contains(CLUSTER.typeUrl(), ENDPOINT.typeUrl());
  }

  @Behaviour("A client's half-close ends the stream with OK.")
  void aHalfCloseEndsWithOk(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    proxy.accept(CLUSTER);
    proxy.stream(CLUSTER).halfClose();
    assertThat(proxy.stream(CLUSTER).end()).isEqualTo(Status.OK);
    assertThat(server.proxies()).isEmpty();
  }

  @Behaviour("CSDS tells what the proxy was sent and has accepted.")
  void clientStatusIsServed(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    Received received = proxy.accept(CLUSTER);
    heard();
    var statuses =
        ClientStatusDiscoveryServiceGrpc.newBlockingStub(channel)
            .fetchClientStatus(ClientStatusRequest.getDefaultInstance());
    assertThat(statuses.getConfigList()).hasSize(1);
    assertThat(statuses.getConfig(0).getNode().getId()).isEqualTo("one");
    var config = statuses.getConfig(0).getGenericXdsConfigs(0);
    assertThat(statuses.getConfig(0).getGenericXdsConfigsCount()).isEqualTo(1);
    assertThat(config.getName()).isEqualTo("a");
    assertThat(config.getVersionInfo()).isEqualTo(received.resources().getFirst().version());
    assertThat(config.getClientStatus()).isEqualTo(ClientResourceStatus.ACKED);
  }

  @Behaviour("LRS takes the load reports of a proxy.")
  void loadReportsAreTaken(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    proxy.accept(CLUSTER);
    var reports = AdsClient.of(channel, LoadReportingServiceGrpc.getStreamLoadStatsMethod());
    reports.send(LoadStatsRequest.newBuilder().setNode(AdsClient.node("one")).build());
    assertThat(reports.receive().getSendAllClusters()).isTrue();
    reports.send(
        LoadStatsRequest.newBuilder()
            .addClusterStats(
                ClusterStats.newBuilder().setClusterName("a").setTotalDroppedRequests(3))
            .build());
    await().until(() -> !load.current().clusters().isEmpty());
    ProxyLoad reported = load.current().proxies().getFirst();
    assertThat(reported.node()).isEqualTo("one");
    assertThat(reported.clusters()).containsOnlyKeys(new Upstream("a", ""));
    assertThat(reported.clusters().values())
        .extracting(ProxyLoad.ClusterLoad::dropped)
        .containsExactly(3L);
    assertQuiet(proxy);
  }
}
