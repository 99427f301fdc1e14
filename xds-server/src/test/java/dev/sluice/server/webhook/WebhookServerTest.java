package dev.sluice.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.pem.Pem;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.WebhookSettings;
import dev.sluice.server.transport.TestAuthority;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The webhook as an API server calls it: over HTTPS, with AdmissionReviews. */
class WebhookServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String RIGHT =
      """
      {"apiVersion": "sluice.dev/v1", "kind": "TrafficPolicy",
       "metadata": {"name": "orders", "namespace": "shop", "uid": "1", "generation": 1,
         "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
         "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}]},
       "spec": {"target": {"service": "orders"},
         "versions": [{"name": "v1", "labels": {"version": "v1"}}],
         "split": {"weights": {"v1": 100}}},
       "status": {"programmed": "1/1"}}
      """;

  private static final String WRONG =
      RIGHT
          .replace("{\"v1\": 100}", "{\"v1\": 90, \"v3\": 10}")
          .replace("\"orders\", \"nam", "\"Orders\", \"nam");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TestAuthority authority;
  private TlsFiles files;
  private WebhookServer server;
  private HttpClient client;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    authority = TestAuthority.create(folder, "ca");
    files = authority.issue("webhook", "dns:localhost", "ip:127.0.0.1");
    server =
        WebhookServer.start(
            new WebhookSettings(
                new HostPort("127.0.0.1", 0), new TlsFiles(files.cert(), files.key(), null)),
            DocumentParser.reader(),
            registry,
            TransportMetrics.NONE);
    client = client();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpClient client() throws Exception {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    roots.setCertificateEntry(
        "root", Pem.certificates(Files.readString(authority.root())).getFirst());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(tls).build();
  }

  private static String review(String operation, String group, String object) {
    return """
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
         "request": {"uid": "705ab4f5", "operation": "%s",
           "kind": {"group": "%s", "version": "v1", "kind": "TrafficPolicy"},
           "object": %s, "oldObject": null, "dryRun": false}}
        """
        .formatted(operation, group, object);
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create("https://127.0.0.1:" + server.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode response(String review) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/validate", review);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
    assertThat(json.path("kind").asText()).isEqualTo("AdmissionReview");
    assertThat(json.at("/response/uid").asText()).isEqualTo("705ab4f5");
    return json.get("response");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATE", "UPDATE"})
  void aRightDocumentIsLetIn(String operation) throws Exception {
    JsonNode response = response(review(operation, "sluice.dev", RIGHT));

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.has("status")).isFalse();
    assertThat(response.has("warnings")).isFalse();
    assertThat(answered("allowed")).isEqualTo(1);
  }

  @Test
  void aWrongDocumentIsToldAllThatIsWrong() throws Exception {
    JsonNode response = response(review("CREATE", "sluice.dev", WRONG));

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.at("/status/code").asInt()).isEqualTo(422);
    assertThat(response.at("/status/message").asText().lines())
        .containsExactly(
            "$.metadata.name: \"Orders\" is not a DNS label; use at most 63 lower-case letters,"
                + " digits and \"-\", beginning and ending with a letter or digit",
            "$.spec.split.weights.v3: unknown version \"v3\" (declared: v1)");
    assertThat(answered("denied")).isEqualTo(1);
  }

  @Test
  void whatIsOnlyToBeLookedAtIsAWarning() throws Exception {
    String twins =
        RIGHT.replace(
            "\"versions\": [",
            "\"versions\": [{\"name\": \"v0\", \"labels\": {\"version\": \"v1\"}},");

    JsonNode response = response(review("UPDATE", "sluice.dev", twins));

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.at("/warnings/0").asText())
        .isEqualTo(
            "$.spec.versions[1].labels: version \"v0\" has the same labels, so both have the same"
                + " instances");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\u007f",
        "\\u0085\\u009f",
        "\\ufffe",
        "\ud83d\ude00",
        "\\u2028",
        "\\t\\n",
        "<\\u0026>",
        "# {*&!"
      })
  void whateverJsonCanHoldIsRead(String text) throws Exception {
    String answering =
        RIGHT.replace(
            "\"spec\": {", "\"spec\": {\"degrade\": {\"body\": \"%s\"}, ".formatted(text));

    JsonNode response = response(review("CREATE", "sluice.dev", answering));

    assertThat(response.path("allowed").asBoolean()).as(response.toString()).isTrue();
  }

  @Test
  void whatIsRemovedOrNotOursIsLetIn() throws Exception {
    String leaving =
        WRONG.replace("\"uid\": \"1\"", "\"deletionTimestamp\": \"2026-01-31T12:00:00Z\"");
    String status =
        review("UPDATE", "sluice.dev", WRONG)
            .replace("\"dryRun\"", "\"subResource\": \"status\", \"dryRun\"");

    for (String review :
        new String[] {
          review("DELETE", "sluice.dev", "null"),
          review("CREATE", "apps", "{}"),
          review("UPDATE", "sluice.dev", leaving),
          status
        }) {
      assertThat(response(review).path("allowed").asBoolean()).as(review).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "{\"apiVersion\": \"admission.k8s.io/v1beta1\", \"kind\": \"AdmissionReview\"}",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\", \"request\": {}}",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\", \"request\": {\"uid\": \"1\","
            + " \"operation\": \"CREATE\", \"kind\": {\"group\": \"sluice.dev\"}}}"
      })
  void whatIsNoReviewIsRefusedWithOneMessage(String body) throws Exception {
    HttpResponse<String> answer = post("/validate", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).path("message").asText())
        .startsWith("the request's body ")
        .doesNotContain("\n");
    assertThat(answered("illegible")).isEqualTo(1);
  }

  @Test
  void aReviewBeyondTheLimitIsRefused() throws Exception {
    assertThat(post("/validate", " ".repeat((8 << 20) + 1)).statusCode()).isEqualTo(413);
    assertThat(post("/elsewhere", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void aRenewedCertificateIsShownWithoutARestart() throws Exception {
    X509Certificate before = shown();
    authority.issue("webhook", "dns:localhost", "ip:127.0.0.1");

    await().untilAsserted(() -> assertThat(shown()).isNotEqualTo(before));
    assertThat(response(review("CREATE", "sluice.dev", RIGHT)).path("allowed").asBoolean())
        .isTrue();
  }

  /** The certificate that a new connection is shown. */
  private X509Certificate shown() throws Exception {
    try (HttpClient another = client()) {
      URI uri = URI.create("https://127.0.0.1:" + server.address().getPort() + "/");
      return (X509Certificate)
          another
              .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
              .sslSession()
              .orElseThrow()
              .getPeerCertificates()[0];
    }
  }

  @Test
  void anAddressThatIsTakenIsNamed() {
    WebhookSettings taken =
        new WebhookSettings(
            new HostPort("127.0.0.1", server.address().getPort()),
            new TlsFiles(files.cert(), files.key(), null));

    assertThatThrownBy(
            () ->
                WebhookServer.start(
                    taken, DocumentParser.reader(), registry, TransportMetrics.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the webhook cannot listen on 127.0.0.1:" + taken.address().port());
  }

  private long answered(String outcome) {
    return registry.get("sluice.webhook.reviews").tag("outcome", outcome).timer().count();
  }
}
