package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.gateway;
import static dev.sluice.policy.attach.Given.gatewayKey;
import static dev.sluice.policy.attach.Given.index;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.problems;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.Given.status;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.policy.attach.EffectivePolicy.GatewayHosts;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.spec.Documents;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewaysTest {
  @Test
  void aGatewayExposesTheServiceUnderTheHosts() {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public"),
            policy("a", "orders")
                .attach(false, "public", "B.example.com", "a.example.com")
                .write());

    assertThat(only(index).gateways())
        .containsExactly(
            new GatewayHosts(
                gatewayKey("public"), List.of("a.example.com", "b.example.com"), List.of()));
    assertThat(only(index).mesh()).isFalse();
    assertThat(index.gateways()).containsOnlyKeys(gatewayKey("public"));
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com, api.example.com, true",
    "API.example.com, api.EXAMPLE.com, true",
    "*.example.com,   api.example.com, true",
    "*.example.com,   a.b.example.com, true",
    "*.example.com,   *.b.example.com, true",
    "*.example.com,   *.example.com,   true",
    "*.example.com,   example.com,     false",
    "*.example.com,   badexample.com,  false",
    "api.example.com, *.example.com,   false",
    "*,               api.example.com, true"
  })
  void aListenersHostsCoverAPolicysHost(String listener, String host, boolean covered) {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public", listener),
            policy("a", "orders").attach(null, "public", host).write());

    assertThat(only(index).gateways().isEmpty()).isEqualTo(!covered);
    assertThat(status(index, "a").reason())
        .isEqualTo(covered ? Reason.ACCEPTED : Reason.HOST_NOT_COVERED);
  }

  @Test
  void aHostThatNoListenerTakesIsLeftOutAndTheListenersHostsAreNamed() {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public", "*.example.com", "example.org"),
            policy("a", "orders")
                .attach(null, "public", "a.example.com", "a.example.net")
                .at("$.spec.attach.hosts[1]", 8, 27)
                .attempts(5)
                .write());

    assertThat(only(index).gateways().getFirst().hosts()).containsExactly("a.example.com");
    assertThat(only(index).requests().retry().attempts()).isEqualTo(5);
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:8:27 $.spec.attach.hosts[1]: \"a.example.net\" is taken by no listener of"
                + " Gateway edge/public (hosts: *.example.com, example.org)");
  }

  @Test
  void anUnknownGatewayLeavesTheRestOfThePolicyApplied() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders")
                .attach(null, "pubic", "a.example.com")
                .at("$.spec.attach.gateways[0]", 6, 5)
                .attempts(5)
                .write());

    assertThat(status(index, "a").state()).isEqualTo(State.PARTLY_APPLIED);
    assertThat(only(index).requests().retry().attempts()).isEqualTo(5);
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:6:5 $.spec.attach.gateways[0]: there is no Gateway edge/pubic; correct the name"
                + " or the namespace, or create it");
  }

  @Test
  void aHostGoesToThePolicyThatComesFirst() {
    PolicyIndex index =
        PolicyIndex.of(
            Documents.of(
                List.of(
                    gateway("public"),
                    policy("a", "orders")
                        .attach(null, "public", "API.example.com")
                        .at("$.spec.attach.hosts[0]", 8, 12)
                        .write(),
                    policy("b", "users")
                        .attach(null, "public", "*.example.com", "api.Example.com")
                        .at("$.spec.attach.hosts[1]", 9, 14)
                        .attempts(5)
                        .write())),
            Catalog.of(List.of(service("orders", 80), service("users", 80))));

    assertThat(only(index).gateways()).hasSize(1);
    assertThat(status(index, "b").reason()).isEqualTo(Reason.CONFLICTED);
    assertThat(problems(index, "b"))
        .containsExactly(
            "b.yaml:9:14 $.spec.attach.hosts[1]: host \"api.example.com\" of Gateway edge/public is"
                + " taken by TrafficPolicy shop/a (a.yaml:8:12), which comes first; leave it out of"
                + " one of the two");
  }

  @Test
  void wildcardAndExactHostsAreDifferentAndSoAreGateways() {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public"),
            gateway("partner"),
            policy("a", "orders").attach(null, "public", "*.example.com").write(),
            policy("b", "orders").attach(null, "public", "api.example.com").write(),
            policy("c", "orders").attach(null, "partner", "api.example.com").write());

    assertThat(only(index).gateways()).hasSize(3);
    assertThat(index.statuses().values()).allMatch(s -> s.state() == State.APPLIED);
  }

  @Test
  void aPolicyThatWaitsForItsServiceKeepsItsHosts() {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public"),
            policy("a", "absent").attach(null, "public", "api.example.com").write(),
            policy("b", "orders").attach(null, "public", "api.example.com").write());

    assertThat(status(index, "b").reason()).isEqualTo(Reason.CONFLICTED);
  }

  @Test
  void routesOfDifferentPoliciesStandSideBySideUnderDifferentHosts() {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public"),
            policy("a", "orders").versions("v1", "v2").route("mesh", "v1").write(),
            policy("b", "orders").attach(false, "public", "b.example.com").route("b", "v2").write(),
            policy("c", "orders").attach(false, "public", "c.example.com").write(),
            policy("d", "orders").attach(true, "public", "d.example.com").route("d", "v2").write());

    assertThat(names(only(index).routes())).containsExactly("mesh");
    assertThat(only(index).gateways())
        .extracting(hosts -> hosts.hosts() + " " + names(hosts.routes()))
        .containsExactly("[b.example.com] [b]", "[c.example.com] [mesh]");
    assertThat(status(index, "d").reason()).isEqualTo(Reason.CONFLICTED);
  }

  private static List<String> names(List<EffectiveRoute> routes) {
    return routes.stream().map(EffectiveRoute::name).toList();
  }
}
