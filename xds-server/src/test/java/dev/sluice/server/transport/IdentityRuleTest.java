package dev.sluice.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import io.grpc.Status;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityRuleTest {
  private final CountingMetrics metrics = new CountingMetrics();

  @ParameterizedTest
  @CsvSource({
    "spiffe://td/ns/{namespace}/sa/{service}, spiffe://td/ns/shop/sa/web, true",
    "spiffe://td/ns/{namespace}/sa/{service}, spiffe://td/ns/shop/sa/orders, false",
    "spiffe://td/ns/{namespace}/sa/{service}, spiffe://td/ns/other/sa/web, false",
    "spiffe://td/ns/{namespace}/sa/{service}, spiffe://other/ns/shop/sa/web, false",
    "spiffe://td/ns/{namespace}/sa/{service}, spiffe://td/ns/shop/sa/web/more, false",
    "spiffe://td/ns/{namespace}/sa/{service}, https://td/ns/shop/sa/web, false",
    "spiffe://td/{role}/{service}/{id}, spiffe://td/sidecar/web/web-1, true",
    "spiffe://td/{role}/{service}/{id}, spiffe://td/sidecar/web/web-2, false",
    "spiffe://td/{role}/{service}/{id}, spiffe://td/gateway/web/web-1, false",
    "spiffe://td/dc/*/svc/{service}, spiffe://td/dc/eu/svc/web, true",
    "spiffe://td/dc/*/svc/{service}, spiffe://td/dc/eu/x/svc/web, false",
  })
  void whatIsClaimedHasToBeInTheIdentity(String uri, String identity, boolean allowed) {
    IdentityRule rule = new IdentityRule(IdentityUri.parse(uri), null, null);

    assertThat(rule.refusal(identity, "web-1", group("web", Role.SIDECAR)).isEmpty())
        .isEqualTo(allowed);
  }

  @Test
  void aClaimCannotStretchOverSegmentsOrStandForAny() {
    IdentityRule rule = rule("spiffe://td/a/{id}", "*");
    NodeGroup group = group("web", Role.SIDECAR);

    assertThat(rule.refusal("spiffe://td/a/b/c", "b/c", group)).isPresent();
    assertThat(rule.refusal("spiffe://td/a/b", "*", group)).isPresent();
    assertThat(rule.refusal("spiffe://td/a/", "", group)).isPresent();
  }

  @Test
  void aRuleCanBeForOneServiceOrRoleAlone() {
    IdentityUri edge = IdentityUri.parse("spiffe://td/edge");
    IdentityRule rule = new IdentityRule(edge, "front.shop", Role.GATEWAY);

    assertThat(rule.refusal("spiffe://td/edge", "x", group("front", Role.GATEWAY))).isEmpty();
    assertThat(rule.refusal("spiffe://td/edge", "x", group("web", Role.GATEWAY)))
        .contains("is for service front.shop");
    assertThat(rule.refusal("spiffe://td/edge", "x", group("front", Role.NODE)))
        .contains("is for role gateway");
  }

  @Test
  void aRefusalNamesTheIdentityTheClaimAndTheRules() {
    List<IdentityRule> rules =
        List.of(
            rule("spiffe://td/ns/{namespace}/sa/{service}", null), rule("spiffe://td/e", "e.e"));
    Peer peer =
        new Peer(
            "/10.0.0.1:1", List.of("spiffe://td/ns/shop/sa/web"), rules, metrics, Runnable::run);

    Status status = peer.refusal("orders-1", group("orders", Role.SIDECAR)).orElseThrow();

    assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(status.getDescription())
        .isEqualTo(
            "spiffe://td/ns/shop/sa/web may not be the proxy orders-1, a sidecar of orders.shop:"
                + " xds.identity[0] wants spiffe://td/ns/shop/sa/orders; xds.identity[1] is for"
                + " service e.e");
    assertThat(metrics.refusals()).containsOnlyKeys(Refusal.IDENTITY);
  }

  @Test
  void aCertificateHasToHaveOneUriName() {
    List<IdentityRule> rules = List.of(rule("spiffe://td/{service}", null));
    List<String> two = List.of("spiffe://td/web", "spiffe://td/orders");
    NodeGroup web = group("web", Role.SIDECAR);

    assertThat(new Peer("", List.of(), rules, metrics, Runnable::run).refusal("web-1", web))
        .hasValueSatisfying(it -> assertThat(it.getDescription()).contains("has no URI name"));
    assertThat(new Peer("", two, rules, metrics, Runnable::run).refusal("web-1", web))
        .hasValueSatisfying(it -> assertThat(it.getDescription()).contains("has 2 URI names"));
    assertThat(new Peer("", List.of(), List.of(), metrics, Runnable::run).refusal("web-1", web))
        .as("without rules")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://td/{service}",
        "spiffe://td",
        "spiffe:///{service}",
        "spiffe://{namespace}/{service}",
        "spiffe://td/{service}-x",
        "spiffe://td/{name}",
        "spiffe://td//{service}",
      })
  void whatIsNoTemplateIsToldWithWhatWouldBe(String text) {
    assertThatThrownBy(() -> IdentityUri.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text)
        .hasMessageContaining("write");
  }

  @Test
  void aRuleThatAllowsEveryServiceHasToSaySo() {
    assertThatThrownBy(() -> rule("spiffe://td/ns/{namespace}", null))
        .hasMessageContaining("may claim every service");
    assertThatThrownBy(() -> rule("spiffe://td/proxy/{id}", null))
        .as("who is bound to an id may still claim any service")
        .hasMessageContaining("may claim every service");
    assertThatThrownBy(() -> rule("spiffe://td/a", "web")).hasMessageContaining("no namespace");
    assertThat(
            rule("spiffe://td/a", "*")
                .refusal("spiffe://td/a", "web-1", group("web", Role.SIDECAR)))
        .isEmpty();
  }

  private static IdentityRule rule(String uri, @Nullable String service) {
    return new IdentityRule(IdentityUri.parse(uri), service, null);
  }

  private static NodeGroup group(String service, Role role) {
    return new NodeGroup(
        role,
        new ServiceId(service, "shop"),
        new TreeSet<>(),
        new TreeMap<>(),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }
}
