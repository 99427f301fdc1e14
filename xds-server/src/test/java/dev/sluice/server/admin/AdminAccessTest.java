package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.server.overrides.MemoryStore;
import dev.sluice.server.pem.PemTls;
import dev.sluice.server.settings.AdminAccess;
import dev.sluice.server.settings.AdminToken;
import dev.sluice.server.settings.AdminToken.May;
import dev.sluice.server.settings.AdminToken.Secret;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.source.StaticServices;
import dev.sluice.server.transport.TestAuthority;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportMetrics;
import dev.sluice.spec.StaticService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The admin API where other machines connect: by TLS, and with tokens. */
class AdminAccessTest {
  private static final String READER = "reader-0123456789abcdef";
  private static final String WRITER = "writer-0123456789abcdef";
  private static final String PATH = "/v1/services/orders.shop/instances/10.0.0.1%3A8080/override";
  private static final String ORDERS =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80}]
        endpoints: [{address: 10.0.0.1, port: 8080}, {address: 10.0.0.2, port: 8080}]
      """;

  @TempDir private Path folder;
  private final FakeViews views = new FakeViews();
  private final ListAppender<ILoggingEvent> audited = new ListAppender<>();
  private TestAuthority authority;
  private TlsFiles files;
  private AdminServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    StaticService document = (StaticService) MemoryStore.read("orders.yaml", ORDERS);
    views.tell(FakeViews.FILES, StaticServices.service(document, FakeViews.FILES));
    views.tell(FakeViews.FILES, "orders.yaml", ORDERS);
    authority = TestAuthority.create(folder, "ca");
    files = authority.issue("admin", "dns:localhost", "ip:127.0.0.1");
    Files.writeString(folder.resolve("writer"), WRITER + "\n");
    server = start(new TlsFiles(files.cert(), files.key(), null));
    client = client(null);
    audited.start();
    audit().addAppender(audited);
  }

  private static Logger audit() {
    return (Logger) LoggerFactory.getLogger("audit");
  }

  private AdminServer start(TlsFiles tls) throws IOException {
    return AdminServer.start(
        new HostPort("0.0.0.0", 0),
        new AdminAccess(
            tls,
            List.of(
                new AdminToken("dashboard", new Secret.Given(READER), May.READ),
                new AdminToken("ops", new Secret.InFile(folder.resolve("writer")), May.WRITE))),
        TransportMetrics.NONE,
        "1",
        views.views(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        views.overrides());
  }

  private HttpClient client(@Nullable TlsFiles own) throws IOException {
    return HttpClient.newBuilder()
        .sslContext(
            PemTls.context(
                authority.root(), own == null ? null : own.cert(), own == null ? null : own.key()))
        .build();
  }

  @AfterEach
  void stop() {
    audit().detachAppender(audited);
    client.close();
    server.close();
  }

  @Test
  void aTokenReadsAndOneThatMayWriteWrites() throws Exception {
    assertThat(send("GET", "/v1/services", READER).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/metrics", READER).statusCode()).isEqualTo(200);
    assertThat(send("PUT", PATH, WRITER).statusCode()).isEqualTo(200);
    assertThat(send("DELETE", PATH, WRITER).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer", "Bearer wrong-0123456789abcdef", "Basic b3BzOng=", "Bearer a b"})
  void whoHasNoTokenIsToldHowToSendOneAndNothingElse(String authorization) throws Exception {
    for (String path :
        List.of("/v1/services", "/metrics", "/readyz", "/nothing", "/v1/openapi.yaml")) {
      HttpResponse<String> answer = sendAs("GET", path, authorization);

      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
      assertThat(message(answer)).contains("token").doesNotContain("0123456789");
      assertThat(answer.body()).doesNotContain("orders").doesNotContain("at dev.");
      assertThat(answer.headers().firstValue("server")).isEmpty();
    }
    assertThat(sendAs("PUT", PATH, authorization).statusCode()).isEqualTo(401);
    assertThat(views.image.documents().all()).hasSize(1);
    assertThat(sendAs("GET", "/livez", authorization).statusCode()).isEqualTo(200);
  }

  @Test
  void aTokenThatMayReadWritesNothing() throws Exception {
    HttpResponse<String> put = send("PUT", PATH, READER);

    assertThat(put.statusCode()).isEqualTo(403);
    assertThat(message(put))
        .isEqualTo(
            "the token \"dashboard\" may read alone; ask with one that may write (may: write in"
                + " admin.tokens)");
    assertThat(send("DELETE", PATH, READER).statusCode()).isEqualTo(403);
    assertThat(views.image.documents().all()).hasSize(1);
  }

  @Test
  void aVerbThatIsNoneChangesNothing() throws Exception {
    assertThat(send("POST", PATH, WRITER).statusCode()).isEqualTo(405);
    assertThat(send("PATCH", "/v1/services", WRITER).statusCode()).isEqualTo(405);
    assertThat(views.image.documents().all()).hasSize(1);
  }

  @Test
  void whatChangesSomethingIsAuditedWithWhoAndWhatCameOfIt() throws Exception {
    send("PUT", PATH, READER);
    send("PUT", PATH, WRITER);
    send("DELETE", PATH.replace("10.0.0.1", "10.9.9.9"), WRITER);
    send("GET", "/v1/services", READER);

    await().until(() -> audited.list.size() == 3);
    assertThat(audited.list)
        .extracting(AdminAccessTest::parts)
        .satisfiesExactly(
            refused ->
                assertThat(refused)
                    .startsWith(
                        "who=dashboard from=127.0.0.1 asked=PUT /v1/services/orders.shop/instances/")
                    .contains("status=403 outcome=refused what=the token \"dashboard\" may read"),
            done ->
                assertThat(done)
                    .startsWith("who=ops from=127.0.0.1 asked=PUT ")
                    .contains(
                        "status=200 outcome=done what=10.0.0.1:8080 of orders.shop is out by"),
            unknown ->
                assertThat(unknown).contains("who=ops").contains("status=404 outcome=refused"));
    assertThat(audited.list.get(1).getFormattedMessage())
        .startsWith("ops from 127.0.0.1: PUT /v1/services/orders.shop/instances/")
        .doesNotContain(WRITER);
  }

  @Test
  void aBodyThatIsTooLargeIsAuditedAsRefusedWhateverItSaysOfItsLength() throws Exception {
    byte[] large = new byte[2 << 20];
    for (HttpRequest.BodyPublisher body :
        List.of(
            BodyPublishers.ofByteArray(large),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))) {
      audited.list.clear();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("https://127.0.0.1:" + server.address().getPort() + PATH))
              .header("Authorization", "Bearer " + WRITER)
              .header("Content-Type", "application/json")
              .PUT(body)
              .build();
      try {
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isEqualTo(413);
      } catch (IOException e) {
        // The server ends the connection, which can come before the client has read the answer.
      }

      await().until(() -> audited.list.size() == 1);
      assertThat(parts(audited.list.getFirst()))
          .contains("status=413 outcome=refused what=the body is larger than 1048576 bytes");
    }
  }

  private static String parts(ILoggingEvent line) {
    return Objects.requireNonNull(line.getKeyValuePairs()).stream()
        .map(pair -> pair.key + "=" + pair.value)
        .collect(Collectors.joining(" "));
  }

  @Test
  void aTokenIsReadAnewAndStaysWhileItsFileHoldsNone() throws Exception {
    Files.writeString(folder.resolve("writer"), "next-0123456789abcdef");
    await().until(() -> send("GET", "/v1/version", "next-0123456789abcdef").statusCode() == 200);
    assertThat(send("GET", "/v1/version", WRITER).statusCode()).isEqualTo(401);

    Files.writeString(folder.resolve("writer"), "short");
    await()
        .during(java.time.Duration.ofMillis(1_500))
        .until(() -> send("GET", "/v1/version", "next-0123456789abcdef").statusCode() == 200);
    assertThat(send("GET", "/v1/version", "short").statusCode()).isEqualTo(401);
  }

  @Test
  void whoAsksByANameMayWriteWithAToken() throws Exception {
    URI byName = URI.create("https://localhost:" + server.address().getPort() + PATH);
    HttpRequest request =
        HttpRequest.newBuilder(byName)
            .header("Authorization", "bearer " + WRITER)
            .header("Origin", "https://elsewhere.example")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{}"))
            .build();

    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void withClientCaWhoHasNoCertificateIsNotLetIn() throws Exception {
    server.close();
    server = start(new TlsFiles(files.cert(), files.key(), authority.root()));

    assertThatThrownBy(() -> send("GET", "/v1/version", READER)).isInstanceOf(IOException.class);
    client.close();
    client = client(authority.issue("me", "dns:me"));
    assertThat(send("GET", "/v1/version", READER).statusCode()).isEqualTo(200);
  }

  @Test
  void aTokenFileThatIsNotThereIsNamed() throws IOException {
    Files.delete(folder.resolve("writer"));

    assertThatThrownBy(() -> start(files))
        .isInstanceOf(IOException.class)
        .hasMessage("the token's file %s cannot be read; write it", folder.resolve("writer"));
  }

  @Test
  void offLoopbackTlsAndTokensAreNeeded() {
    HostPort everywhere = new HostPort("0.0.0.0", 18001);
    AdminToken token = new AdminToken("ops", new Secret.Given(WRITER), May.WRITE);

    assertThat(AdminAccess.OPEN.wrongAt(new HostPort("::1", 1))).isEmpty();
    assertThat(AdminAccess.OPEN.wrongAt(everywhere))
        .hasValueSatisfying(
            wrong ->
                assertThat(wrong)
                    .contains("needs admin.tls and admin.tokens in the configuration"));
    assertThat(new AdminAccess(files, List.of()).wrongAt(everywhere))
        .hasValueSatisfying(wrong -> assertThat(wrong).contains("needs admin.tokens"));
    assertThat(new AdminAccess(null, List.of(token)).wrongAt(everywhere))
        .hasValueSatisfying(wrong -> assertThat(wrong).contains("needs admin.tls in"));
    assertThat(new AdminAccess(files, List.of(token)).wrongAt(everywhere))
        .isEqualTo(Optional.empty());
  }

  private HttpResponse<String> send(String method, String path, String token) throws Exception {
    return sendAs(method, path, "Bearer " + token);
  }

  private HttpResponse<String> sendAs(String method, String path, String authorization)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.address().getPort() + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("PUT") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String message(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body()).path("message").asText();
  }
}
