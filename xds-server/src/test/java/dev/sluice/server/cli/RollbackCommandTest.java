package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.xds.Quarantined;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollbackCommandTest {
  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec: {target: {service: orders}, timeouts: {request: %ds}}
      """;

  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();
  private String good = "";

  @BeforeEach
  void edit() {
    LiveState live = admin.views.live;
    live.tell("orders.yaml", POLICY.formatted(1));
    good = String.valueOf(live.history.last());
    live.tell("orders.yaml", POLICY.formatted(7));
  }

  private Sluice.Answer rollback(String... arguments) {
    List<String> all = new ArrayList<>(List.of("rollback", "--server", admin.url()));
    all.addAll(List.of(arguments));
    return Sluice.run(all.toArray(String[]::new));
  }

  @Test
  void itIsPinnedLookedAtAndLifted() {
    assertThat(rollback().out()).isEqualTo("Nothing is rolled back.\n");
    Sluice.Answer pinned = rollback(good, "--reason", "it fails", "--no-wait");
    Sluice.Answer standing = rollback();
    Sluice.Answer lifted = rollback("--lift", "--no-wait");

    assertThat(pinned.exitCode()).isZero();
    assertThat(pinned.out())
        .startsWith("rolled back to revision " + good + " until 2026-03-01T11:00:00Z by ")
        .endsWith(": it fails\n");
    assertThat(standing.out())
        .contains("  TrafficPolicy shop/orders was edited and holds as it was (orders.yaml:1:1)");
    assertThat(lifted.out())
        .isEqualTo("lifted the rollback to revision " + good + ": what is told holds again\n");
    assertThat(rollback("--lift").out()).isEqualTo("nothing is rolled back: nothing to do\n");
  }

  @Test
  void aDryRunShowsWhatWouldChangeAndChangesNothing() {
    Sluice.Answer tried = rollback(good, "orders.shop", "--dry-run");

    assertThat(tried.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(tried.out())
        .contains("-          timeout: 7s", "+          timeout: 1s", "2 proxies, 1 route changed");
    assertThat(rollback().out()).isEqualTo("Nothing is rolled back.\n");
  }

  @Test
  void aServiceThatIsNotKnownIsRefusedAndWhatHoldsStays() {
    rollback(good, "orders", "--no-wait");

    for (String[] more : new String[][] {{"--no-wait"}, {"--dry-run"}}) {
      Sluice.Answer refused = rollback(good, "order.shop", more[0]);
      assertThat(refused.exitCode()).isEqualTo(ExitCode.NO);
      assertThat(refused.err())
          .contains("no service \"order.shop\" is known; did you mean orders.shop?");
    }

    assertThat(rollback().out())
        .startsWith("rolled back for orders.shop to revision " + good)
        .contains("TrafficPolicy shop/orders was edited");
  }

  @Test
  void proxiesThatDoNotAcknowledgeItInTimeAreNamedAndItStays() {
    Sluice.Answer pinned = rollback(good, "--timeout", "1s");

    assertThat(pinned.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(pinned.err()).contains("0/2 proxies have it after 1s", "  web-0: is not given");
    assertThat(rollback().out()).startsWith("rolled back to revision " + good);
  }

  @Test
  void whatAProxyRefusesOfItIsToldAtOnceAndCheckSaysToLiftIt() {
    admin.views.quarantine =
        List.of(
            new Quarantined(
                FakeViews.gateway(),
                ResourceType.ROUTE,
                "outbound",
                Optional.empty(),
                List.of("TrafficPolicy shop/orders (orders.yaml:1)"),
                "web-0",
                "no such filter",
                Instant.parse("2026-12-01T00:00:00Z")));

    Sluice.Answer pinned = rollback(good, "--timeout", "10m");
    Sluice.Answer check = Sluice.run("check", "--server", admin.url());

    assertThat(pinned.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(pinned.err())
        .contains("since it was refused:", "  web-0 refused routes outbound: no such filter")
        .contains("'sluice rollback --lift'");
    assertThat(check.out())
        .contains("it is of revision %s, which is rolled back to".formatted(good))
        .doesNotContain("mend TrafficPolicy shop/orders");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "check", "history"})
  void whoTellsOfThePinAloneHasNoProxyLookedAt(String command) {
    rollback(good, "--no-wait");

    Sluice.Answer answer = Sluice.run(command, "--server", admin.url());

    assertThat(answer.out()).contains("rolled back to revision " + good);
    assertThat(admin.views.live.looks).hasValue(0);
    assertThat(rollback("-o", "json").out()).contains("web-0", "web-1");
    assertThat(admin.views.live.looks).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--dry-run", "--reason x", "--expires-in 1h", "--lift --reason x"})
  void optionsThatWouldBeIgnoredAreWrongUsage(String options) {
    rollback(good, "--no-wait");

    Sluice.Answer answer = rollback(options.split(" ", -1));

    assertThat(answer.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).containsAnyOf("say which revision", "are not for --lift");
    assertThat(rollback().out()).startsWith("rolled back to revision " + good);
  }

  @Test
  void whatMakesNoSenseIsSaid() {
    assertThat(rollback("999").err()).contains("revision 999 is not remembered");
    assertThat(rollback("--lift", good).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(rollback(good, "--expires-in", "25h").err())
        .contains("expiresIn is not within 1s..24h");
  }
}
