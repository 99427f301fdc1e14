package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.overrides.MemoryStore;
import dev.sluice.server.source.StaticServices;
import dev.sluice.spec.StaticService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GetDocumentsTest {
  private static final String SERVICE =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80, protocol: http}]
        endpoints: [{address: 10.0.0.1, port: 8080, labels: {version: v1}}]
      """;
  private static final String DOCUMENTS =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        split: {weights: {v1: 90, v2: 10}}
      ---
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: nowhere, namespace: shop}
      spec: {target: {service: nobody}}
      ---
      apiVersion: sluice.dev/v1
      kind: Gateway
      metadata: {name: public, namespace: edge}
      spec:
        proxies: {selector: {app: edge}}
        listeners:
          - {name: http, port: 8080, protocol: HTTP}
          - {name: shop, port: 8081, protocol: HTTP, hosts: [shop.example.com]}
      ---
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: slow, namespace: shop}
      spec: {service: orders, match: {labels: {disk: old}}, state: drain, weight: 5}
      """;

  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();

  @BeforeEach
  void tell() {
    FakeViews views = admin.views;
    views.tell(
        FakeViews.FILES,
        StaticServices.service(
            (StaticService) MemoryStore.read("orders.yaml", SERVICE), FakeViews.FILES));
    views.tell(FakeViews.FILES, "all.yaml", DOCUMENTS);
  }

  @Test
  void aPolicyIsARowWithItsTargetItsSplitAndItsProxies() {
    assertThat(get("policies", "-n", "shop").lines().limit(3))
        .containsExactly(
            "TRAFFICPOLICY  TARGET          SPLIT        STATE            PROXIES",
            "shop/nowhere   nobody.shop     -            ServiceNotFound  0/0",
            "shop/orders    orders.shop:80  v1=90,v2=10  Accepted         0/0");
  }

  @Test
  void aPolicyWithARolloutHasItsKindInPlaceOfASplit() {
    String split = "split: {weights: {v1: 90, v2: 10}}";
    String canary = "rollout: {canary: {from: v1, to: v2, steps: [{weight: 10}]}}";
    admin.views.tell(FakeViews.FILES, "all.yaml", DOCUMENTS.replace(split, canary));

    assertThat(get("policies", "shop/orders").lines().skip(1))
        .first()
        .asString()
        .startsWith("shop/orders    orders.shop:80  canary  ");
  }

  @Test
  void whatIsWrongWithAPolicyFollowsTheTable() {
    assertThat(get("policies", "shop/nowhere"))
        .contains("TrafficPolicy shop/nowhere:")
        .containsPattern("  all.yaml:1[0-9]:\\d+ \\$.spec.target.service: .*nobody");
  }

  @Test
  void howManyHaveAnotherEditionIsNotTold() {
    admin.views.inForce = false;

    assertThat(get("policies", "shop/orders").lines().skip(1))
        .first()
        .asString()
        .matches("shop/orders +orders.shop:80 +v1=90,v2=10 +NotInForce +-");
    assertThat(get("policies", "shop/orders", "-o", "json"))
        .doesNotContain("acknowledged", "concerned");
  }

  @Test
  void wideTellsThePlace() {
    assertThat(get("policies", "orders.shop", "-o", "wide"))
        .contains("PLACE")
        .contains("all.yaml:1");
  }

  @Test
  void aGatewayTellsWhereItListensAndForWhom() {
    assertThat(get("gateways"))
        .contains("edge/public  HTTP:8080, HTTP:8081 (shop.example.com)  app=edge");
  }

  @Test
  void anOverrideTellsWhatItDoesToWhichInstance() {
    assertThat(get("overrides"))
        .contains("shop/slow")
        .contains("orders   disk=old  drain weight 5  -");
  }

  @Test
  void theOneThatIsAskedForAndNotKnownIsAnAnswerOfNo() {
    Sluice.Answer answer = Sluice.run("get", "policies", "nobody", "--server", admin.url());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out()).contains("knows no such TrafficPolicy");
  }

  @Test
  void aNameThatCanBeNoneIsWrongUsage() {
    for (String wrong : List.of("a/b/c/d", "/orders", "orders.", "Gateway/edge/public")) {
      Sluice.Answer answer = Sluice.run("get", "policies", wrong, "--server", admin.url());
      assertThat(answer.exitCode()).as(wrong).isEqualTo(2);
    }
  }

  @Test
  void withoutDocumentsItSaysSo() {
    Sluice.Answer answer = Sluice.run("get", "policies", "-n", "other", "--server", admin.url());

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).contains("The server knows no such TrafficPolicy.");
  }

  @Test
  void jsonIsWhatTheServerSaid() {
    assertThat(get("overrides", "slow", "-o", "json"))
        .contains("\"kind\" : \"InstanceOverride\"")
        .contains("\"disk\" : \"old\"");
  }

  private String get(String... args) {
    List<String> all = new ArrayList<>(List.of("get"));
    all.addAll(List.of(args));
    all.addAll(List.of("--server", admin.url()));
    Sluice.Answer answer = Sluice.run(all.toArray(String[]::new));
    assertThat(answer.err()).isEmpty();
    assertThat(answer.exitCode()).isZero();
    return answer.out();
  }
}
