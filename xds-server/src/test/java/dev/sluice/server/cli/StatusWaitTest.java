package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.overrides.MemoryStore;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.source.StaticServices;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.spec.StaticService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StatusWaitTest {
  private static final String SERVICE =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80, protocol: http}]
        endpoints: [{address: 10.0.0.1, port: 8080}]
      """;
  private static final Resource ROUTES =
      FakeViews.assignment("orders.shop|80")
          .withProvenance(
              new Provenance(List.of("TrafficPolicy shop/orders (orders.yaml:1)"), List.of()));

  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();
  private final FakeViews views = admin.views;
  @TempDir private Path folder;

  @BeforeEach
  void tell() {
    views.tell(
        FakeViews.FILES,
        StaticServices.service(
            (StaticService) MemoryStore.read("service.yaml", SERVICE), FakeViews.FILES));
    tell("5s");
    views.snapshot = Optional.of(Snapshot.of(List.of(ROUTES)));
  }

  private void tell(String timeout) {
    views.tell(FakeViews.FILES, "orders.yaml", policy(timeout));
  }

  private static String policy(String timeout) {
    return """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: orders, namespace: shop}
        spec: {target: {service: orders}, timeouts: {request: %s}}
        """
        .formatted(timeout);
  }

  private void proxiesHave(String... versions) {
    List<NodeStatus> nodes = new ArrayList<>();
    for (int i = 0; i < versions.length; i++) {
      nodes.add(FakeViews.node("proxy-" + i, ROUTES.name(), versions[i]));
    }
    views.nodes = () -> nodes;
  }

  @Test
  void itEndsWhenEveryProxyHasAcknowledgedIt() {
    proxiesHave(ROUTES.version(), ROUTES.version());

    Sluice.Answer answer = status("--wait", "shop/orders");

    assertThat(answer.err()).isEmpty();
    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).isEqualTo("TrafficPolicy shop/orders: 2/2 proxies have it\n");
  }

  @Test
  void itWaitsForAProxyThatIsBehind() throws Exception {
    CountDownLatch looks = new CountDownLatch(2);
    List<NodeStatus> behind = List.of(FakeViews.node("proxy-0", ROUTES.name(), "older"));
    views.nodes =
        () -> {
          looks.countDown();
          return behind;
        };

    CompletableFuture<Sluice.Answer> waiting =
        CompletableFuture.supplyAsync(() -> status("--wait", "orders"));

    assertThat(looks.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(waiting).isNotCompleted();
    proxiesHave(ROUTES.version(), ROUTES.version());
    assertThat(waiting.get(20, TimeUnit.SECONDS).exitCode()).isZero();
  }

  @Test
  void afterTheTimeTheProxiesThatAreBehindAreNamedWithWhatTheyWaitFor() {
    proxiesHave(ROUTES.version(), "older");

    Sluice.Answer answer = status("--wait", "orders.shop", "--timeout", "300ms");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out()).contains("1/2 proxies have it");
    assertThat(answer.err())
        .contains("these proxies have not acknowledged it:")
        .contains("  proxy-1: waits for its clusters")
        .doesNotContain("proxy-0");
  }

  @Test
  void aRefusalIsToldAtOnceInTheProxysWords() {
    proxiesHave("older");
    views.quarantine =
        List.of(
            new Quarantined(
                FakeViews.gateway(),
                ResourceType.ROUTE,
                "public",
                Optional.empty(),
                List.of("TrafficPolicy shop/orders (orders.yaml:1)"),
                "proxy-0",
                "no such cluster",
                FakeViews.NOON));

    Sluice.Answer answer = status("--wait", "orders", "--timeout", "20s");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err())
        .contains("TrafficPolicy shop/orders does not hold: Refused")
        .contains("proxy-0 refused routes public: no such cluster");
    assertThat(status("--wait", "orders", "-o", "json").out()).contains("\"reason\" : \"Refused\"");
  }

  @Test
  void aPolicyThatIsNotInForceIsToldAtOnce() {
    proxiesHave(ROUTES.version());
    views.inForce = false;

    Sluice.Answer answer = status("--wait", "orders", "--timeout", "20s");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).contains("TrafficPolicy shop/orders does not hold: NotInForce");
    assertThat(answer.out()).as("no count of another edition").isEmpty();
    assertThat(status("--wait", "orders", "-o", "json").out())
        .contains("\"reason\" : \"NotInForce\"")
        .doesNotContain("concerned");
  }

  @Test
  void givenAFileItWaitsForThatVeryEdition() throws Exception {
    proxiesHave(ROUTES.version());
    Path file = Files.writeString(folder.resolve("orders.yaml"), policy("7s"));

    Sluice.Answer tooEarly = status("--wait", "-f", file.toString(), "--timeout", "300ms");

    assertThat(tooEarly.exitCode()).isEqualTo(1);
    assertThat(tooEarly.err())
        .contains("TrafficPolicy shop/orders: the server has another edition, of orders.yaml:1");
    CompletableFuture<Sluice.Answer> waiting =
        CompletableFuture.supplyAsync(() -> status("--wait", "-f", file.toString()));
    tell("7s");
    assertThat(waiting.get(20, TimeUnit.SECONDS).exitCode()).isZero();
  }

  @Test
  void aFileWithAMistakeIsWrongUsageWithItsPlace() throws IOException {
    Path file = Files.writeString(folder.resolve("orders.yaml"), policy("soon"));

    Sluice.Answer answer = status("--wait", "-f", file.toString());

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("orders.yaml:4:");
  }

  @Test
  void aDocumentThatNobodyKnowsIsWaitedForAndThenToldOf() {
    Sluice.Answer answer = status("--wait", "nobody", "--timeout", "300ms");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).contains("the server does not know it");
  }

  @Test
  void ofTheKindsWithThatNameThePolicyIsMeant() {
    proxiesHave(ROUTES.version());
    views.tell(FakeViews.FILES, "service.yaml", SERVICE);

    assertThat(status("--wait", "shop/orders").out())
        .isEqualTo("TrafficPolicy shop/orders: 1/1 proxies have it\n");
  }

  @Test
  void aNameOfSeveralDocumentsIsWrongUsageThatNamesThem() {
    views.tell(
        FakeViews.FILES, "other.yaml", policy("1s").replace("namespace: shop", "namespace: farm"));

    Sluice.Answer answer = status("--wait", "orders");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("TrafficPolicy farm/orders and of TrafficPolicy shop/orders");
  }

  @Test
  void aProxyOrNothingToWaitForIsWrongUsage() {
    assertThat(status("--wait").exitCode()).isEqualTo(2);
    assertThat(status("--wait=orders", "-f", folder.toString()).exitCode()).isEqualTo(2);
    assertThat(status("proxy-0", "--wait=orders").exitCode()).isEqualTo(2);
  }

  private Sluice.Answer status(String... args) {
    List<String> all = new ArrayList<>(List.of("status", "--server", admin.url()));
    all.addAll(List.of(args));
    return Sluice.run(all.toArray(String[]::new));
  }
}
