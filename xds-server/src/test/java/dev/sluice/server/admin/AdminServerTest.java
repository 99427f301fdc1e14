package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.load.Load;
import dev.sluice.server.load.ProxyLoad;
import dev.sluice.server.load.Requests;
import dev.sluice.server.load.Upstream;
import dev.sluice.server.load.UpstreamLocality;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.source.StaticServices;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.SyncState;
import dev.sluice.server.status.TypeStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Departed;
import dev.sluice.source.SourceStatus;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.StaticService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
  private final FakeViews views = new FakeViews();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            new HostPort("127.0.0.1", 0), "1.2.3", views.views(), metrics, views.overrides());
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void whileItStopsItIsNotReady() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);

    views.stopping = true;

    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).contains("the server is stopping");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void itIsAliveBeforeItIsReady() throws Exception {
    views.sources =
        List.of(
            new SourceStatus(
                FakeViews.FILES,
                SourceStatus.State.STARTING,
                FakeViews.NOON,
                "reading 12 files",
                List.of()));

    HttpResponse<String> ready = get("/readyz");

    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).contains(FakeViews.FILES + " has not synced: reading 12 files");
  }

  @Test
  void aSourceThatLostItsPeerDoesNotMakeItUnready() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    views.sources =
        List.of(
            new SourceStatus(
                FakeViews.FILES, SourceStatus.State.STALE, FakeViews.NOON, "gone", List.of()));

    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreInThePrometheusForm() throws Exception {
    metrics.counter("sluice.test.turns").increment();

    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.body()).contains("sluice_test_turns_total 1.0");
    assertThat(answer.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
  }

  @Test
  void aProxyIsShownWithEveryType() throws Exception {
    views.proxies = () -> List.of(proxy());

    JsonNode all = json("/v1/proxies");
    JsonNode one = json("/v1/proxies/gateway%2F1");

    assertThat(one).isEqualTo(all.path("proxies").path(0));
    assertThat(one)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"id": "gateway/1", "role": "gateway", "service": "front-proxy",
                     "namespace": "shop", "software": "envoy 1.40.0",
                     "since": "2026-01-31T12:00:00Z", "synced": false,
                     "types": [{"type": "clusters", "state": "STALE", "behindMillis": 3400,
                       "sent": "v2", "acknowledged": "v1", "resources": 1,
                       "waitsFor": "its routes"}]}
                    """));
  }

  @Test
  void servicesPoliciesAndSourcesAreShown() throws Exception {
    StaticService document =
        (StaticService)
            DocumentParser.reader()
                .read(
                    "orders.yaml",
                    """
                    apiVersion: sluice.dev/v1
                    kind: StaticService
                    metadata: {name: orders, namespace: shop}
                    spec:
                      ports: [{name: http, port: 80, protocol: http}]
                      endpoints: [{address: 10.0.0.1, port: 8080, labels: {version: v1}}]
                    """)
                .items()
                .getFirst()
                .document()
                .orElseThrow();
    views.tell(FakeViews.FILES, StaticServices.service(document, FakeViews.FILES));
    views.policies =
        new TreeMap<>(
            Map.of(
                new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders"),
                new PolicyStatus(PolicyStatus.Reason.ACCEPTED, List.of(), Optional.empty())));

    JsonNode service = json("/v1/services").path("services").path(0);
    JsonNode policy = json("/v1/policies").path("policies").path(0);
    JsonNode source = json("/v1/sources").path("sources").path(0);

    assertThat(service.path("name").asText()).isEqualTo("orders");
    assertThat(service.path("ports").path(0).toString())
        .isEqualTo("{\"name\":\"http\",\"port\":80,\"protocol\":\"http\"}");
    assertThat(service.path("endpoints").path(0).path("address").asText()).isEqualTo("10.0.0.1");
    assertThat(service.path("endpoints").path(0).path("labels").path("version").asText())
        .isEqualTo("v1");
    assertThat(policy.toString())
        .isEqualTo(
            "{\"kind\":\"TrafficPolicy\",\"name\":\"orders\",\"namespace\":\"shop\",\"accepted\":true,"
                + "\"programmed\":true,\"state\":\"APPLIED\","
                + "\"reason\":\"Accepted\",\"problems\":[],\"quarantine\":[]}");

    views.canaries =
        List.of(
            new ConfigCanary(
                FakeViews.gateway(),
                "10%",
                List.of("gateway-1", "gateway-2"),
                1,
                12,
                Optional.empty(),
                false,
                List.of("RDS public"),
                List.of("TrafficPolicy shop/orders (orders.yaml:3:1)"),
                FakeViews.NOON));

    assertThat(json("/v1/policies").path("policies").get(0).path("programmed").asBoolean())
        .as("it has not come to all")
        .isFalse();
    assertThat(json("/v1/canaries").path("canaries").get(0).toString())
        .isEqualTo(
            "{\"role\":\"gateway\",\"service\":\"front-proxy.shop\",\"stage\":\"10%\","
                + "\"asked\":[\"gateway-1\",\"gateway-2\"],\"acknowledged\":1,\"concerned\":12,"
                + "\"newerWaits\":false,\"since\":\"2026-01-31T12:00:00Z\",\"resources\":[\"RDS public\"],"
                + "\"causes\":[\"TrafficPolicy shop/orders (orders.yaml:3:1)\"]}");
    assertThat(source.path("state").asText()).isEqualTo("SYNCED");
    assertThat(source.has("message")).isFalse();
  }

  @Test
  void theConfigurationOfARateLimitServiceIsAFileForEachDomain() throws Exception {
    views.rateLimits = new TreeMap<>(Map.of("public.shop", "domain: \"public.shop\"\n"));

    HttpResponse<String> file = get("/v1/rate-limits/public.shop");

    assertThat(json("/v1/rate-limits").toString())
        .isEqualTo(
            "{\"domains\":[{\"domain\":\"public.shop\",\"file\":\"domain: \\\"public.shop\\\"\\n\"}]}");
    assertThat(file.body()).isEqualTo("domain: \"public.shop\"\n");
    assertThat(file.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/yaml"));
    assertThat(get("/v1/rate-limits/other").statusCode()).isEqualTo(404);
    assertThat(get("/v1/rate-limits/other").body()).contains("(domains: public.shop)");
  }

  @Test
  void problemsOfReadingAndOfApplyingAreOneList() throws Exception {
    Problem unread = Problem.error(new Location("a.yaml", 1, 2), "$", "is wrong");
    Problem refused = Problem.warning(new Location("b.yaml", 3, 4), "$.spec", "is odd");
    views.problems = List.of(refused);
    views.sources =
        List.of(
            new SourceStatus(
                FakeViews.FILES,
                SourceStatus.State.SYNCED,
                FakeViews.NOON,
                null,
                List.of(unread, refused)));

    assertThat(json("/v1/problems"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"problems": [
                      {"severity": "ERROR", "file": "a.yaml", "line": 1, "column": 2,
                       "path": "$", "message": "is wrong"},
                      {"severity": "WARNING", "file": "b.yaml", "line": 3, "column": 4,
                       "path": "$.spec", "message": "is odd"}]}
                    """));
  }

  @Test
  void whatIsNotThereIsToldAsJson() throws Exception {
    HttpResponse<String> path = get("/v1/nothing");
    HttpResponse<String> proxy = get("/v1/proxies/nobody");

    assertThat(path.statusCode()).isEqualTo(404);
    assertThat(new ObjectMapper().readTree(path.body()).path("message").asText())
        .contains("/v1/nothing");
    assertThat(proxy.statusCode()).isEqualTo(404);
    assertThat(new ObjectMapper().readTree(proxy.body()).path("message").asText())
        .isEqualTo("no proxy \"nobody\" is connected; 'sluice get proxies' names those that are");
  }

  @Test
  void ofAProxyThatLeftItIsToldWhenAndWhy() throws Exception {
    views.departed =
        List.of(
            new Departed(
                "gone",
                FakeViews.gateway(),
                "envoy",
                FakeViews.NOON,
                FakeViews.NOON,
                "it ended its stream"));

    String body = get("/v1/proxies/gone").body();

    assertThat(new ObjectMapper().readTree(body).path("message").asText())
        .isEqualTo(
            "no proxy \"gone\" is connected: it left at 2026-01-31T12:00:00Z (it ended its stream);"
                + " 'sluice get proxies' names those that are");
  }

  @Test
  void aViewThatFailsIsAnAnswerAndTheServerGoesOn() throws Exception {
    views.proxies =
        () -> {
          throw new IllegalStateException("a secret of ours");
        };

    HttpResponse<String> answer = get("/v1/proxies");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("its log says why").doesNotContain("secret");
    assertThat(json("/v1/version").path("version").asText()).isEqualTo("1.2.3");
  }

  @Test
  void theLoadIsShownByClusterAndByProxy() throws Exception {
    UpstreamLocality zone = new UpstreamLocality("eu", "eu-1", "", 0);
    Requests latest = new Requests(20, 18, 1, 1);
    Requests total = new Requests(200, 190, 9, 1);
    ProxyLoad.ClusterLoad orders =
        new ProxyLoad.ClusterLoad(
            Duration.ofSeconds(10),
            1,
            3,
            new TreeMap<>(Map.of(zone, new ProxyLoad.LocalityLoad(latest, total))));
    views.load =
        Load.of(
            List.of(
                new ProxyLoad(
                    "gateway/1",
                    FakeViews.NOON,
                    Optional.of(FakeViews.NOON),
                    new TreeMap<>(Map.of(new Upstream("orders", "orders.eds"), orders)))));

    JsonNode cluster = json("/v1/load").path("clusters").path(0);
    assertThat(cluster.path("cluster").asText()).isEqualTo("orders");
    assertThat(cluster.path("service").asText()).isEqualTo("orders.eds");
    assertThat(cluster.path("dropped").asInt()).isEqualTo(3);
    JsonNode locality = cluster.path("localities").path(0);
    assertThat(locality.path("zone").asText()).isEqualTo("eu-1");
    assertThat(locality.path("requestsPerSecond").asDouble()).isEqualTo(2.0);
    assertThat(locality.path("requests").path("successful").asInt()).isEqualTo(190);
    JsonNode proxy = json("/v1/load").path("proxies").path(0);
    assertThat(proxy.path("id").asText()).isEqualTo("gateway/1");
    assertThat(proxy.path("reportedAt").asText()).isEqualTo(FakeViews.NOON.toString());
    JsonNode part = proxy.path("clusters").path(0);
    assertThat(part.path("intervalMillis").asInt()).isEqualTo(10_000);
    assertThat(part.path("localities").path(0).path("latest").path("failed").asInt()).isEqualTo(1);
    assertThat(part.path("localities").path(0).path("total").path("issued").asInt()).isEqualTo(200);
  }

  @Test
  void anAddressThatIsTakenIsNamed() {
    HostPort taken = new HostPort("127.0.0.1", server.address().getPort());

    assertThatThrownBy(
            () -> AdminServer.start(taken, "1", views.views(), metrics, views.overrides()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the admin API cannot listen on " + taken);
  }

  private static ProxyStatus proxy() {
    TypeStatus clusters =
        new TypeStatus(
            "clusters",
            SyncState.STALE,
            Duration.ofMillis(3_400),
            "v2",
            "v1",
            Optional.empty(),
            new TreeMap<>(Map.of("orders", new ResourceVersions("v2", "v1"))),
            "its routes");
    return new ProxyStatus(
        "gateway/1",
        FakeViews.gateway(),
        "envoy 1.40.0",
        FakeViews.NOON,
        Snapshot.EMPTY,
        List.of(clusters));
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.statusCode()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
