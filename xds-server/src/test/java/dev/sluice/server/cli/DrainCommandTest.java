package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import io.javalin.http.UnauthorizedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DrainCommandTest {
  private static final String ASSIGNMENT = "orders.shop|80";
  private static final String NEWEST = FakeViews.assignment(ASSIGNMENT).version();

  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();
  private final FakeViews views = admin.views;

  @BeforeEach
  void orders() {
    views.tell(
        FakeViews.CONSUL,
        new Service(
            new ServiceId("orders", "shop"),
            List.of(new ServicePort("http", 80, null)),
            List.of(endpoint("10.0.0.1"), endpoint("10.0.0.2"))));
    views.snapshot = Optional.of(Snapshot.of(List.of(FakeViews.assignment(ASSIGNMENT))));
  }

  @Test
  void itEndsOnceEveryProxyHasIt() {
    views.nodes = () -> List.of(node("a", NEWEST), node("b", NEWEST));

    Sluice.Answer answer = run("drain", "orders.shop", "10.0.0.1", "--expires-in", "2h");

    assertThat(answer.err()).isEmpty();
    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo("10.0.0.1:8080 of orders.shop drains until 2026-01-31T14:00:00Z"),
            line ->
                assertThat(line)
                    .startsWith("by InstanceOverride shop/drain-orders-10-0-0-1-8080-")
                    .contains(" in consul/dc1: drain-orders-"),
            line -> assertThat(line).isEqualTo("2/2 proxies have it"));
  }

  @Test
  void itNamesTheProxiesThatDoNotHaveItInTime() {
    views.nodes = () -> List.of(node("a", NEWEST), node("edge-1", "older"));

    Sluice.Answer answer = run("drain", "orders", "10.0.0.1", "--timeout", "300ms");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err())
        .contains(
            "sluice: 1/2 proxies have it after 300ms; these have not, and what was changed stays:")
        .contains("sluice:   edge-1: waits for its clusters");
  }

  @Test
  void itSaysWhereTheServerHasNotReadIt() {
    views.inForce = false;

    Sluice.Answer answer = run("drain", "orders", "10.0.0.1", "--timeout", "300ms");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err())
        .contains("the server has not read it back from consul/dc1 within 300ms");
  }

  @Test
  void aLookThatFailsIsTriedAgain() {
    AtomicInteger looks = new AtomicInteger();
    views.nodes =
        () -> {
          if (looks.incrementAndGet() < 3) {
            throw new IllegalStateException("on purpose");
          }
          return List.of(node("a", NEWEST));
        };

    Sluice.Answer answer = run("drain", "orders", "10.0.0.1");

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).contains("1/1 proxies have it");
  }

  @Test
  void whereNoLookSucceedsTheAnswerIsPrintedAllTheSame() throws Exception {
    views.nodes =
        () -> {
          throw new IllegalStateException("on purpose");
        };

    Sluice.Answer json = run("drain", "orders", "10.0.0.1", "--timeout", "200ms", "-o", "json");
    Sluice.Answer text = run("restore", "orders", "10.0.0.1", "--timeout", "200ms");

    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(json.out()).path("written").asBoolean()).isTrue();
    assertThat(json.err())
        .contains("how far it is could not be seen within 200ms, and what was changed stays: ");
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).startsWith("removed InstanceOverride").doesNotContain("is back");
  }

  @Test
  void itDoesNotWaitForWhatHasEndedAgain() {
    views.inForce = false;

    Sluice.Answer answer = run("drain", "orders", "10.0.0.1", "--expires-in", "300ms");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).contains("it has ended again after 300ms");
  }

  @Test
  void aLookThatIsNotLetInIsTheLast() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    views.nodes =
        () -> {
          looks.incrementAndGet();
          throw new UnauthorizedResponse("the token is none of admin.tokens");
        };

    Sluice.Answer answer = run("drain", "orders", "10.0.0.1", "--timeout", "20s", "-o", "json");

    assertThat(looks).hasValue(1);
    assertThat(answer.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(answer.err())
        .isEqualTo(
            "sluice: how far it is could not be seen, and what was changed stays:"
                + " the token is none of admin.tokens\n");
    assertThat(new ObjectMapper().readTree(answer.out()).path("written").asBoolean()).isTrue();
  }

  @Test
  void withoutWaitingItEndsAtOnce() {
    views.nodes = () -> List.of(node("edge-1", "older"));

    Sluice.Answer answer = run("drain", "orders", "10.0.0.1", "--out", "--no-wait");

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).contains("is out, until 'sluice restore'").doesNotContain("proxies");
  }

  @Test
  void aDryRunPrintsTheDocumentAndItsPlace() {
    Sluice.Answer answer = run("drain", "orders", "10.0.0.1", "--weight", "3", "--dry-run");

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out())
        .startsWith("# would be written to consul/dc1: drain-orders-")
        .contains("kind: InstanceOverride", "weight: 3")
        .doesNotContain("state:");
    assertThat(views.image.documents().all()).isEmpty();
  }

  @Test
  void asJsonItIsOneObjectWithItsProxies() throws Exception {
    views.nodes = () -> List.of(node("a", NEWEST));

    Sluice.Answer drained = run("drain", "orders", "10.0.0.1", "-o", "json");
    Sluice.Answer restored = run("restore", "orders", "10.0.0.1", "-o", "json");

    assertThat(new ObjectMapper().readTree(drained.out()).path("proxies").path(0).path("id"))
        .hasToString("\"a\"");
    assertThat(new ObjectMapper().readTree(restored.out()).path("removed")).hasSize(1);
  }

  @Test
  void aRefusalIsTheServersMessage() {
    run("drain", "orders", "10.0.0.1");

    Sluice.Answer last = run("drain", "orders", "10.0.0.2");
    Sluice.Answer forced = run("drain", "orders", "10.0.0.2", "--force");

    assertThat(last.exitCode()).isEqualTo(1);
    assertThat(last.err()).contains("10.0.0.2:8080 is the last healthy instance of orders.shop");
    assertThat(forced.exitCode()).isZero();
    assertThat(forced.err()).startsWith("sluice: warning: 10.0.0.2:8080 is the last healthy");
  }

  @Test
  void outAndAWeightExcludeEachOther() {
    Sluice.Answer answer = run("drain", "orders", "10.0.0.1", "--out", "--weight", "3");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("--out", "--weight", "mutually exclusive");
  }

  @Test
  void restoringSaysWhatWasRemovedAndThatNothingWas() {
    run("drain", "orders", "10.0.0.1");

    Sluice.Answer dry = run("restore", "orders", "10.0.0.1", "--dry-run");
    Sluice.Answer one = run("restore", "orders", "10.0.0.1");
    Sluice.Answer none = run("restore", "orders", "10.0.0.1");

    assertThat(dry.out())
        .contains("would be back")
        .contains("would remove InstanceOverride shop/drain-orders-");
    assertThat(one.exitCode()).isZero();
    assertThat(one.out())
        .startsWith("removed InstanceOverride shop/drain-orders-")
        .endsWith("no proxy of this server is concerned\n10.0.0.1:8080 of orders.shop is back\n");
    assertThat(none.exitCode()).isZero();
    assertThat(none.out())
        .isEqualTo("10.0.0.1:8080 of orders.shop is not drained: there is nothing to do\n");
  }

  @Test
  void whatPeopleWroteIsNamedAndTheExitCodeIsOne() {
    views.tell(
        FakeViews.FILES,
        "by-hand.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: InstanceOverride
        metadata: {name: by-hand, namespace: shop}
        spec: {service: orders, match: {address: 10.0.0.1}, state: out}
        """);

    Sluice.Answer answer = run("restore", "orders", "10.0.0.1");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .isEqualTo(
            "sluice: 10.0.0.1:8080 is still held (out) by InstanceOverride shop/by-hand, which sluice"
                + " drain did not write; remove it in by-hand.yaml:1:1\n");
  }

  private Sluice.Answer run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--server=" + admin.url());
    return Sluice.run(all.toArray(String[]::new));
  }

  private static NodeStatus node(String id, String version) {
    return FakeViews.node(id, ASSIGNMENT, version);
  }

  private static Endpoint endpoint(String address) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 8080)),
        new TreeMap<>(),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        FakeViews.CONSUL);
  }
}
