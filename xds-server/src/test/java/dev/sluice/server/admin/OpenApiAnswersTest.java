package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.server.admin.OpenApiDocument.Operation;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.settings.HostPort;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds real answers to the schemas of the OpenAPI document: each operation, good and refused. */
class OpenApiAnswersTest {
  private static final OpenApiDocument DOCUMENT = OpenApiDocument.read();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OVERRIDE = "/v1/services/{service}/instances/{instance}/override";
  private static final String FIRST = "/v1/services/orders.shop/instances/10.0.0.1%3A8080/override";
  private static final String OTHER = "/v1/services/orders.shop/instances/10.9.9.9/override";

  /** A document that changes something, and one that is wrong. */
  private static final String DIFF =
      JSON.createObjectNode()
          .set(
              "documents",
              JSON.createArrayNode()
                  .add(
                      JSON.createObjectNode()
                          .put("file", "orders.yaml")
                          .put("text", LiveState.SERVICE.replace("10.0.0.1", "10.0.0.2")))
                  .add(JSON.createObjectNode().put("file", "b.yaml").put("text", "kind: Gateway")))
          .toString();

  private static final String ONE_DOCUMENT = "GET /v1/documents/{kind}/{namespace}/{name}";
  private static final String STANDING = "/v1/documents/standing";
  private static final String GIVEN =
      """
      {"documents": [{"file": "a.yaml", "text":
        "{apiVersion: sluice.dev/v1, kind: TrafficPolicy, metadata: {name: orders, namespace: shop}, spec: {target: {service: orders}}}"}]}
      """;

  /** Of a snapshot one type is enough: they have one schema. */
  private static final Set<String> MAY_BE_EMPTY =
      Set.of("warnings", "held", "gone", "holding", "clusters", "listeners", "routes", "secrets");

  private static final String ASK = "POST /v1/rollouts/{namespace}/{name}/{verb}";

  private final FakeViews views = FilledViews.create();
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            new HostPort("127.0.0.1", 0),
            "1",
            views.views(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            views.overrides(),
            views.routes());
    views.live.tell("rollout.yaml", LiveState.MEASURED);
    views.live.fallSilent();
    views.rollouts.look();
    for (int i = 0; i < 2; i++) { // It goes on without those that are silent.
      views.live.answer("web-1");
      views.live.now = views.live.now.plusSeconds(60);
      views.rollouts.look();
    }
    String other = LiveState.ROLLOUT.substring(LiveState.ROLLOUT.indexOf("---") + 4);
    views.live.tell("z.yaml", other.replace("{name: orders,", "{name: zorders,")); // Conflicted.
    views.live.tell(
        "a.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: aorders, namespace: shop}
        spec: {target: {service: orders}, timeouts: {request: 5s}}
        """);
    views.live.tell(
        "rollout.yaml", LiveState.MEASURED + "  timeouts: {request: 7s}\n"); // Set aside.
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  /**
   * A request, and how it is answered.
   *
   * @param operation as the document has it
   * @param path its path and query
   * @param body of a request that has one
   */
  record Sample(String operation, String path, String body, int status) {
    static Sample of(String operation, int status) {
      return new Sample(operation, operation.substring(operation.indexOf(" ") + 1), "", status);
    }

    static Sample of(String operation, String path, int status) {
      return new Sample(operation, path, "", status);
    }
  }

  static Stream<Sample> samples() {
    return Stream.of(
        Sample.of("GET /livez", 200),
        Sample.of("GET /readyz", 200),
        Sample.of("GET /metrics", 200),
        Sample.of("GET /v1/openapi.yaml", 200),
        Sample.of("GET /v1/version", 200),
        Sample.of("GET /v1/services", 200),
        Sample.of("GET /v1/services", "/v1/services?limit=1&endpoints=false", 200),
        Sample.of("GET /v1/services", "/v1/services?limit=0", 400),
        Sample.of("GET /v1/services", "/v1/services?name=nobody", 404),
        new Sample("PUT " + OVERRIDE, FIRST, "{\"expiresIn\": \"2h\"}", 200),
        new Sample("PUT " + OVERRIDE, FIRST, "{\"weight\": \"1\"}", 400),
        new Sample("PUT " + OVERRIDE, OTHER, "{}", 404),
        Sample.of("GET " + OVERRIDE, FIRST, 200),
        Sample.of("DELETE " + OVERRIDE, FIRST, 200),
        Sample.of("DELETE " + OVERRIDE, FIRST + "?dryRun=yes", 400),
        Sample.of("GET /v1/policies", 200),
        Sample.of("GET /v1/documents", 200),
        Sample.of("GET /v1/documents", "/v1/documents?kind=Service", 400),
        Sample.of(ONE_DOCUMENT, "/v1/documents/trafficpolicy/shop/orders", 200),
        Sample.of(ONE_DOCUMENT, "/v1/documents/TrafficPolicy/shop/nobody", 404),
        new Sample("POST " + STANDING, STANDING, GIVEN, 200),
        new Sample("POST " + STANDING, STANDING, "{\"documents\": [{\"file\": \"a\"}]}", 400),
        Sample.of("GET /v1/sources", 200),
        Sample.of("GET /v1/problems", 200),
        Sample.of("GET /v1/history", 200),
        Sample.of("GET /v1/history", "/v1/history?since=noon", 400),
        Sample.of("GET /v1/explain", "/v1/explain?url=http%3A%2F%2Forders.shop%2F&from=web-1", 200),
        Sample.of("GET /v1/explain", "/v1/explain?url=orders.shop", 400),
        Sample.of("GET /v1/explain", "/v1/explain?url=http%3A%2F%2Fa%2F&from=nobody", 400),
        new Sample("POST /v1/diff", "/v1/diff", DIFF, 200),
        new Sample("POST /v1/diff", "/v1/diff", "{\"delete\": [\"Route shop/orders\"]}", 400),
        new Sample("PUT /v1/rollback", "/v1/rollback", "{\"revision\": 1}", 200),
        new Sample("PUT /v1/rollback", "/v1/rollback", "{\"revision\": 1, \"dryRun\": true}", 200),
        new Sample("PUT /v1/rollback", "/v1/rollback", "{\"revision\": 99}", 404),
        new Sample("PUT /v1/rollback", "/v1/rollback", "{\"revision\": \"one\"}", 400),
        Sample.of("GET /v1/rollback", 200),
        Sample.of("GET /v1/rollback", "/v1/rollback?proxies=false", 200),
        Sample.of("GET /v1/rollback", "/v1/rollback?proxies=no", 400),
        Sample.of("DELETE /v1/rollback", 200),
        Sample.of("DELETE /v1/rollback", "/v1/rollback?dryRun=yes", 400),
        Sample.of("GET /v1/rollouts", 200),
        Sample.of(ASK, "/v1/rollouts/shop/orders/promote", 200),
        new Sample(ASK, "/v1/rollouts/shop/orders/pause", "{\"by\": \"me\"}", 200),
        new Sample(ASK, "/v1/rollouts/shop/orders/pause", "{\"who\": \"me\"}", 400),
        Sample.of(ASK, "/v1/rollouts/shop/orders/stop", 400),
        Sample.of(ASK, "/v1/rollouts/shop/nobody/abort", 404),
        Sample.of(ASK, "/v1/rollouts/shop/orders/resume", 409),
        Sample.of("GET /v1/rate-limits", 200),
        Sample.of("GET /v1/rate-limits/{domain}", "/v1/rate-limits/public.shop", 200),
        Sample.of("GET /v1/rate-limits/{domain}", "/v1/rate-limits/other", 404),
        Sample.of("GET /v1/proxies", 200),
        Sample.of("GET /v1/proxies/{id}", "/v1/proxies/gateway-1", 200),
        Sample.of("GET /v1/proxies/{id}", "/v1/proxies/nobody", 404),
        Sample.of("GET /v1/proxies/{id}/snapshot", "/v1/proxies/gateway-1/snapshot", 200),
        Sample.of("GET /v1/quarantine", 200),
        Sample.of("GET /v1/canaries", 200),
        Sample.of("GET /v1/load", 200));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void anAnswerIsWhatTheDocumentSays(Sample sample) throws Exception {
    if (sample.operation().equals("GET " + OVERRIDE) || sample.operation().startsWith("DELETE")) {
      assertThat(send("PUT", FIRST, "{\"expiresIn\": \"2h\"}").statusCode()).isEqualTo(200);
    }
    Operation operation = operation(sample.operation());

    HttpResponse<String> answer = send(operation.method(), sample.path(), sample.body());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(sample.status());
    String type = answer.headers().firstValue("content-type").orElseThrow().replaceFirst(";.*", "");
    JsonNode content = DOCUMENT.content(operation, sample.status());
    assertThat(content.has(type)).as("%s in %s", type, content).isTrue();
    if (type.equals("application/json")) {
      JsonNode json = JSON.readTree(answer.body());
      assertThat(DOCUMENT.strict(content.path(type).path("schema")).validate(json))
          .as(answer.body())
          .isEmpty();
      assertThat(emptyLists(json)).as("lists of which nothing is held").isEmpty();
    }
  }

  /** What is told of no proxy, and so on, would be right by every schema. */
  private static List<String> emptyLists(JsonNode json) {
    return json.properties().stream()
        .filter(field -> field.getValue().isArray() && field.getValue().isEmpty())
        .map(field -> field.getKey())
        .filter(name -> !MAY_BE_EMPTY.contains(name))
        .toList();
  }

  @Test
  void everyOperationIsTried() {
    assertThat(
            samples()
                .filter(one -> one.status() == 200)
                .map(Sample::operation)
                .collect(Collectors.toSet()))
        .as("a new operation gets a sample here")
        .containsExactlyInAnyOrderElementsOf(DOCUMENT.operations().keySet());
  }

  @Test
  void theParametersAreThoseThatTheServerKnows() throws Exception {
    for (Sample sample : samples().filter(one -> one.status() == 200).toList()) {
      Operation operation = operation(sample.operation());
      List<String> known = operation.parameters("query");
      if (!known.isEmpty()) {
        HttpResponse<String> answer =
            send(operation.method(), operation.path() + "?nosuch=1", sample.body());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("message").asText())
            .endsWith(
                (known.size() == 1 ? "there is " : "there are ")
                    + known.stream().sorted().collect(Collectors.joining(", ")));
      }
    }
  }

  @Test
  void theKeysOfABodyAreThoseThatTheServerKnows() throws Exception {
    JsonNode wish = DOCUMENT.json().at("/components/schemas/OverrideWish/properties");

    String message =
        JSON.readTree(send("PUT", FIRST, "{\"nosuch\": 1}").body()).path("message").asText();

    assertThat(message.replaceFirst(".*there are ", "").split(", ", -1))
        .containsExactlyInAnyOrderElementsOf(
            wish.properties().stream().map(it -> it.getKey()).toList());
  }

  private static Operation operation(String name) {
    return Objects.requireNonNull(DOCUMENT.operations().get(name), name);
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    String encoded = path.replace("{", "%7B").replace("}", "%7D");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.address().getPort() + encoded));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return client.send(
        request
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
