package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.overrides.MemoryStore;
import dev.sluice.server.overrides.Overrides;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.source.StaticServices;
import dev.sluice.spec.StaticService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverrideRoutesTest {
  private static final String PATH = "/v1/services/orders.shop/instances/%s/override";
  private static final String FIRST = PATH.formatted("10.0.0.1%3A8080");
  private static final String ORDERS =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80}]
        endpoints:
          - {address: 10.0.0.1, port: 8080}
          - {address: "2001:db8::1", port: 8080}
      """;

  private final FakeViews views = new FakeViews();
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server = start(views.overrides());
    StaticService document = (StaticService) MemoryStore.read("orders.yaml", ORDERS);
    views.tell(FakeViews.FILES, StaticServices.service(document, FakeViews.FILES));
    views.tell(FakeViews.FILES, "orders.yaml", ORDERS);
  }

  private AdminServer start(Overrides overrides) throws IOException {
    return AdminServer.start(
        new HostPort("127.0.0.1", 0),
        "1",
        views.views(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        overrides);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void anInstanceIsDrainedLookedAtAndRestored() throws Exception {
    JsonNode drained = json(put(FIRST, "{\"expiresIn\": \"2h\", \"reason\": \"it leaks\"}"));
    JsonNode standing = json(send("GET", FIRST));
    JsonNode restored = json(send("DELETE", FIRST));

    assertThat(drained.path("written").asBoolean()).isTrue();
    assertThat(drained.path("source").asText()).isEqualTo("file/files");
    assertThat(drained.path("expiresAt").asText()).isEqualTo("2026-01-31T14:00:00Z");
    assertThat(drained.path("yaml").asText()).contains("sluice.dev/reason: \"it leaks\"");
    JsonNode override = standing.path("overrides").path(0);
    assertThat(override.path("edition")).isEqualTo(drained.path("edition"));
    assertThat(override.path("document")).isEqualTo(drained.path("document"));
    assertThat(override.path("byDrain").asBoolean()).isTrue();
    assertThat(restored.path("removed").path(0).path("document"))
        .isEqualTo(drained.path("document"));
    assertThat(json(send("GET", FIRST)).path("overrides")).isEmpty();
  }

  @Test
  void anInstanceOfSixGroupsIsAPartOfThePath() throws Exception {
    String six = PATH.formatted("%5B2001%3Adb8%3A%3A1%5D%3A8080");

    assertThat(json(put(six, "{}")).path("instance").asText()).isEqualTo("[2001:db8::1]:8080");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"weigth\": 1}|400|there is no key \"weigth\"; there are state, weight",
        "{\"weight\": \"1\"}|400|weight \"1\" is no whole number",
        "{\"weight\": 0}|400|$.spec.weight",
        "{\"state\": \"off\"}|400|state \"off\" is none of drain, out and in",
        "{\"expiresIn\": \"2\"}|400|expiresIn: 2 has no unit",
        "{\"force\": 1}|400|force is neither true nor false",
        "[]|400|the body has to be a JSON object",
        "{} {}|400|the body is no JSON",
        "{\"source\": \"consul/x\"}|400|choose with --source consul/dc1",
      })
  void aBodyThatMakesNoSenseIsRefusedWithWhatWould(String body, int status, String words)
      throws Exception {
    HttpResponse<String> answer = put(FIRST, body);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(message(answer)).contains(words);
    assertThat(json(send("GET", FIRST)).path("overrides")).isEmpty();
  }

  @Test
  void whatIsNotKnownIsNotFound() throws Exception {
    HttpResponse<String> answer = put(PATH.formatted("10.0.0.9"), "{}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(message(answer)).contains("no instance \"10.0.0.9\" of orders.shop is known");
  }

  @Test
  void aParameterThatIsNoneIsRefused() throws Exception {
    assertThat(send("DELETE", FIRST + "?dryrun=true").statusCode()).isEqualTo(400);
    assertThat(send("DELETE", FIRST + "?dryRun=yes").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: sluice.example:18001",
        "Host: localhost.example",
        "Host: localhost\r\nOrigin: http://evil.example",
        "Host: localhost\r\nOrigin: null",
        "Host: localhost\r\nSec-Fetch-Site: cross-site",
        "Host: localhost:1\r\nSec-Fetch-Site: same-site",
      })
  void aWebPageOfElsewhereWritesNothing(String headers) throws IOException {
    assertThat(raw("PUT", headers, "{}")).startsWith("HTTP/1.1 403 ");
    assertThat(raw("DELETE", headers, "")).startsWith("HTTP/1.1 403 ");
    assertThat(views.image.documents().all()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: localhost:18001",
        "Host: [::1]:18001",
        "Host: 127.0.0.1",
        "Host: localhost:1\r\nOrigin: http://localhost:1\r\nSec-Fetch-Site: same-origin",
      })
  void whoAsksByAnAddressMayWrite(String headers) throws IOException {
    assertThat(raw("PUT", headers, "{}")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aFormOfAPageIsNoJson() throws Exception {
    HttpResponse<String> answer =
        client.send(
            request(FIRST)
                .PUT(BodyPublishers.ofString("{}"))
                .header("Content-Type", "text/plain")
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(views.image.documents().all()).hasSize(1);
  }

  @Test
  void aServerThatWritesNothingTellsHowInstancesStand() throws Exception {
    server.close();
    server =
        start(Overrides.readOnly(DocumentParser.reader(), views.facts(), () -> FakeViews.NOON));

    assertThat(send("GET", FIRST).statusCode()).isEqualTo(200);
    assertThat(put(FIRST, "{}").statusCode()).isEqualTo(403);
    assertThat(message(send("DELETE", FIRST))).contains("admin.writes: false");
  }

  private String raw(String method, String headers, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream()) {
      String request =
          "%s %s HTTP/1.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(method, FIRST, headers, body.length(), body);
      out.write(request.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpResponse<String> put(String path, String body) throws Exception {
    return client.send(
        request(path)
            .PUT(BodyPublishers.ofString(body))
            .header("Content-Type", "application/json; charset=utf-8")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(
        request(path).method(method, BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static String message(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body()).path("message").asText();
  }
}
