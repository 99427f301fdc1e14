package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.gateway;
import static dev.sluice.policy.attach.Given.index;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.problems;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.Given.status;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.EffectivePolicy.GatewayHosts;
import dev.sluice.policy.attach.EffectiveRoute.Action;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.spec.Route;
import dev.sluice.spec.Split;
import dev.sluice.spec.TrafficPolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RolledOutTest {
  private static final TrafficPolicy CANARY =
      policy("app", "orders").versions("v1", "v2").rollout(Rollouts.canary("v1", "v2")).write();

  private static Rolled at(String one, int first, String two, int second) {
    return Rolled.at(weights(one, first, two, second));
  }

  private static SortedMap<String, Integer> weights(String one, int first, String two, int second) {
    return new TreeMap<>(Map.of(one, first, two, second));
  }

  private static Split split(TrafficPolicy policy) {
    return Objects.requireNonNull(policy.spec().split());
  }

  private static EffectiveSplit shares(Map<String, Integer> weights) {
    return new EffectiveSplit.ByCluster(new TreeMap<>(weights), new Split.OnEmpty.Redistribute());
  }

  private static PolicyText previewed(String active, String standby) {
    return policy("app", "orders")
        .versions("v1", "v2")
        .rollout(Rollouts.previewedByHeader(active, standby, "x-preview"));
  }

  /** Names of routes, with the version that they go to. */
  private static List<String> told(List<EffectiveRoute> routes) {
    return routes.stream()
        .map(
            route ->
                route.action() instanceof Action.ToVersions(var weights, var _)
                    ? route.name() + " -> " + weights.firstKey()
                    : route.name())
        .toList();
  }

  @Test
  void aCanaryStartsWithAllAtTheVersionItComesFrom() {
    assertThat(split(RolledOut.atStart(CANARY)).weights()).isEqualTo(weights("v1", 1, "v2", 0));
  }

  @Test
  void aBlueGreenPairStartsWithAllAtTheActiveVersion() {
    TrafficPolicy policy =
        policy("app", "orders")
            .versions("blue", "green")
            .rollout(Rollouts.blueGreen("green", "blue"))
            .write();

    assertThat(split(RolledOut.atStart(policy)).weights())
        .isEqualTo(weights("green", 1, "blue", 0));
  }

  @Test
  void weightsAreDividedByWhatDividesThemAll() {
    TrafficPolicy policy = RolledOut.of(CANARY, at("v1", 900_000, "v2", 100_000));

    assertThat(split(policy))
        .isEqualTo(
            new Split(
                weights("v1", 9, "v2", 1),
                Split.Mode.CLUSTER,
                Split.By.WEIGHT,
                new Split.OnEmpty.Redistribute()));
    assertThat(policy.spec().rollout()).isEqualTo(CANARY.spec().rollout());
    assertThat(policy.origin()).isEqualTo(CANARY.origin());
  }

  @Test
  void aVersionThatIsLeftOutHasNoShare() {
    assertThat(split(RolledOut.of(CANARY, Rolled.at(new TreeMap<>(Map.of("v2", 7))))).weights())
        .isEqualTo(weights("v1", 0, "v2", 1));
  }

  @Test
  void aThirdVersionHasItsShareForAsLongAsItTakesToFollowAnEdit() {
    assertThat(split(RolledOut.of(CANARY, at("v0", 50, "v1", 50))).weights())
        .isEqualTo(new TreeMap<>(Map.of("v0", 1, "v1", 1, "v2", 0)));
  }

  @Test
  void whatSaysWhereItStandsStaysThere() {
    TrafficPolicy half = RolledOut.of(CANARY, at("v1", 1, "v2", 1));

    assertThat(RolledOut.atStart(half)).isSameAs(half);
    assertThat(split(RolledOut.of(half, at("v1", 0, "v2", 1))).weights())
        .isEqualTo(weights("v1", 0, "v2", 1));
  }

  @Test
  void aPolicyWithoutARolloutIsAsItWas() {
    TrafficPolicy policy = policy("app", "orders").attempts(1).write();

    assertThat(RolledOut.atStart(policy)).isSameAs(policy);
    assertThatThrownBy(() -> RolledOut.of(policy, at("v1", 1, "v2", 1)))
        .hasMessage("TrafficPolicy shop/app has no rollout");
  }

  @Test
  void nothingStandsAtWeightsThatDivideNothing() {
    assertThatThrownBy(() -> RolledOut.of(CANARY, at("v1", 0, "v2", 0)))
        .hasMessage("TrafficPolicy shop/app cannot stand at {v1=0, v2=0}");
    assertThatThrownBy(() -> at("v1", -1, "v2", 2))
        .hasMessage("no rollout stands at {v1=-1, v2=2} of {}");
  }

  @Test
  void attachedByItselfItStandsAtItsStart() {
    PolicyIndex index = index(service("orders", 80), CANARY);

    assertThat(only(index).split()).isEqualTo(shares(Map.of("v1", 1, "v2", 0)));
    assertThat(status(index, "app").state()).isEqualTo(State.APPLIED);
  }

  @Test
  void attachedWhereItStandsItDividesLikeASplit() {
    PolicyIndex index = index(service("orders", 80), RolledOut.of(CANARY, at("v1", 90, "v2", 10)));

    assertThat(only(index).split()).isEqualTo(shares(Map.of("v1", 9, "v2", 1)));
    assertThat(only(index).versions()).hasSize(2);
  }

  @Test
  void aVersionThatNobodyDeclaresIsNamedWhereTheRolloutNamesIt() {
    PolicyIndex canary =
        index(
            service("orders", 80),
            policy("app", "orders").versions("v1").rollout(Rollouts.canary("v1", "v2")).write());
    PolicyIndex pair =
        index(
            service("orders", 80),
            policy("app", "orders").versions("v1").rollout(Rollouts.blueGreen("v1", "v2")).write());

    assertThat(problems(canary, "app"))
        .containsExactly(
            "app.yaml:1:1 $.spec.rollout.canary.to: unknown version \"v2\" (declared: v1)");
    assertThat(only(canary).split()).isEqualTo(shares(Map.of("v1", 1)));
    assertThat(problems(pair, "app"))
        .containsExactly(
            "app.yaml:1:1 $.spec.rollout.blueGreen.standby: unknown version \"v2\" (declared: v1)");
  }

  @Test
  void ofASplitAndARolloutForOneServiceTheOlderWins() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders")
                .created("2026-01-01T00:00:00Z")
                .versions("v1", "v2")
                .at("$.spec.split", 7, 3)
                .split(Map.of("v1", 1))
                .write(),
            policy("b", "orders")
                .created("2026-02-02T00:00:00Z")
                .at("$.spec.rollout", 9, 3)
                .rollout(Rollouts.canary("v1", "v2"))
                .write());

    assertThat(status(index, "b").reason()).isEqualTo(Reason.CONFLICTED);
    assertThat(problems(index, "b"))
        .containsExactly(
            "b.yaml:9:3 $.spec.rollout: split of orders.shop:80 is set by TrafficPolicy shop/a"
                + " (a.yaml:7:3), which comes first, and excludes rollout; leave one of the two out");
    assertThat(only(index).split()).isEqualTo(shares(Map.of("v1", 1)));
  }

  @Test
  void ofTwoRolloutsForOneServiceTheOlderWins() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders").versions("v1", "v2").rollout(Rollouts.canary("v1", "v2")).write(),
            policy("b", "orders").rollout(Rollouts.blueGreen("v2", "v1")).write());

    assertThat(problems(index, "b"))
        .containsExactly(
            "b.yaml:1:1 $.spec.rollout: rollout of orders.shop:80 is set by TrafficPolicy shop/a"
                + " (a.yaml:1:1), which comes first; leave it out of one of the two");
  }

  @Test
  void retriesBesideASmallStepAreWarnedOf() {
    PolicyText text =
        policy("app", "orders").versions("v1", "v2").rollout(Rollouts.canary("v1", "v2"));
    TrafficPolicy policy = text.attempts(2).write();

    assertThat(problems(index(service("orders", 80), policy), "app")).isEmpty();
    assertThat(
            problems(
                index(service("orders", 80), RolledOut.of(policy, at("v1", 99, "v2", 1))), "app"))
        .containsExactly(
            "app.yaml:1:1 $.spec.retry: warning: a request that fails in \"v2\" is tried again in"
                + " \"v2\" alone: a retry stays in the version first picked");
  }

  @Test
  void aPreviewedRequestGoesToTheVersionWithoutTrafficBeforeAllRoutes() {
    TrafficPolicy policy = previewed("v1", "v2").route("testers", "v1").write();
    EffectivePolicy start = only(index(service("orders", 80), policy));
    EffectivePolicy flipped =
        only(index(service("orders", 80), RolledOut.of(policy, at("v1", 0, "v2", 100))));

    assertThat(told(start.routes())).containsExactly("rollout-preview -> v2", "testers -> v1");
    assertThat(told(flipped.routes())).containsExactly("rollout-preview -> v1", "testers -> v1");
    assertThat(start.routes().getFirst().match())
        .containsExactly(
            new Route.Match(
                null,
                List.of(),
                List.of(new Route.ValueMatch("x-preview", "true", null, null, null, null, null)),
                List.of(),
                List.of()));
  }

  @Test
  void aPreviewComesBeforeTheRoutesOfAnotherPolicy() {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public", "a.example"),
            previewed("v1", "v2").attach(null, "public", "a.example").write(),
            policy("routes", "orders").route("testers", "v1").write());

    assertThat(told(only(index).routes()))
        .containsExactly("rollout-preview -> v2", "testers -> v1");
    assertThat(only(index).gateways())
        .containsExactly(
            new GatewayHosts(
                Given.gatewayKey("public"), List.of("a.example"), only(index).routes()));
    assertThat(index.statuses().values()).allMatch(each -> each.state() == State.APPLIED);
  }

  @Test
  void aHostOfItsOwnReachesTheVersionWithoutTraffic() {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public", "*.example"),
            policy("app", "orders")
                .versions("v1", "v2")
                .rollout(Rollouts.previewedByHost("v1", "v2", "Next.example"))
                .route("testers", "v1")
                .attach(null, "public", "a.example")
                .write());

    assertThat(problems(index, "app")).isEmpty();
    assertThat(only(index).gateways()).hasSize(2);
    assertThat(only(index).gateways().get(0).hosts()).containsExactly("a.example");
    assertThat(told(only(index).gateways().get(0).routes())).containsExactly("testers -> v1");
    assertThat(only(index).gateways().get(1).hosts()).containsExactly("next.example");
    assertThat(told(only(index).gateways().get(1).routes()))
        .containsExactly("rollout-preview -> v2");
    assertThat(told(only(index).routes())).containsExactly("testers -> v1");
  }

  @Test
  void aPreviewedHostThatSomebodyElseHasIsRefusedWhereItIsWritten() {
    PolicyIndex index =
        index(
            service("orders", 80),
            gateway("public", "*.example"),
            policy("a", "pay").attach(null, "public", "next.example").write(),
            policy("app", "orders")
                .versions("v1", "v2")
                .rollout(Rollouts.previewedByHost("v1", "v2", "next.example"))
                .at("$.spec.rollout.blueGreen.preview.host", 12, 9)
                .attach(null, "public", "a.example")
                .write());

    assertThat(problems(index, "app"))
        .containsExactly(
            "app.yaml:12:9 $.spec.rollout.blueGreen.preview.host: host \"next.example\" of Gateway"
                + " edge/public is taken by TrafficPolicy shop/a (a.yaml:1:1), which comes first;"
                + " leave it out of one of the two");
  }

  @Test
  void connectionsHaveNoPreview() {
    PolicyIndex index =
        index(service("orders", 80), previewed("v1", "v2").protocol(Protocol.TCP).write());

    assertThat(problems(index, "app"))
        .containsExactly(
            "app.yaml:1:1 $.spec.rollout.blueGreen.preview: warning: the service speaks tcp, which"
                + " has no requests to tell apart; remove the preview");
  }
}
