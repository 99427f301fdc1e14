package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.diff.LiveState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutCommandTest {
  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();

  @BeforeEach
  void begin() {
    admin.views.live.tell("rollout.yaml", LiveState.ROLLOUT);
    admin.views.live.fallSilent();
    admin.views.rollouts.look();
  }

  private Sluice.Answer rollout(String... arguments) {
    List<String> all = new ArrayList<>(List.of("rollout"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--server", admin.url()));
    return Sluice.run(all.toArray(String[]::new));
  }

  /** One of two proxies never answers; it is left out after a minute. */
  private void go(Duration time) {
    admin.views.live.answer("web-1");
    admin.views.live.now = admin.views.live.now.plus(time);
    admin.views.rollouts.look();
  }

  @Test
  void allAreListedAndOneIsToldWhole() {
    go(Duration.ofMinutes(1));

    Sluice.Answer all = rollout("status");
    Sluice.Answer one = rollout("status", "orders");

    assertThat(all.exitCode()).isZero();
    assertThat(all.out())
        .containsPattern("NAMESPACE +NAME +KIND +STATE +SHARES +PROXIES +LEFT")
        .containsPattern("shop +orders +canary +shifting +v1=90,v2=10 +0/2");
    assertThat(one.out())
        .contains("shop/orders (rollout.yaml:10:1): canary from v1 to v2", "shifting")
        .contains("waits for web-1", "went on without web-0", "0/2 have acknowledged these shares")
        .containsPattern("v2 +10 % +1/1")
        .containsPattern("1 +10 % +1m0s +auto +yes")
        .containsPattern("2 +50 % +0s +manual +-")
        .containsPattern("3 +100 % +0s +auto +-");
  }

  @Test
  void aHeldStepIsPromotedPausedResumedAndGivenBack() {
    go(Duration.ofMinutes(1));
    go(Duration.ofMinutes(1));
    assertThat(rollout("status", "shop/orders").out())
        .contains("holding", "Left:", "went on without web-0");

    Sluice.Answer paused = rollout("pause", "orders", "--reason", "lunch");
    assertThat(paused.exitCode()).isZero();
    assertThat(paused.out())
        .contains("holding (paused)")
        .containsPattern("Paused: +paused by .* \\(127.*\\): lunch");
    assertThat(rollout("status").exitCode()).isEqualTo(ExitCode.NO);
    assertThat(Sluice.run("check", "--server", admin.url()).out())
        .contains("rollout shop/orders is paused: paused by ", ": lunch")
        .contains("'sluice rollout resume shop/orders' has it go on");

    assertThat(rollout("resume", "orders").out()).doesNotContain("paused");
    assertThat(rollout("promote", "orders").out()).contains("readying");
    go(Duration.ofMinutes(1));
    assertThat(rollout("status").out()).contains("v1=50,v2=50");

    Sluice.Answer aborted = rollout("abort", "orders.shop", "-o", "json");
    assertThat(aborted.out()).contains("\"phase\" : \"REVERTING\"", "aborted by ");
    assertThat(rollout("status").out()).contains("v1=100,v2=0");
    assertThat(Sluice.run("check", "--server", admin.url()).out())
        .contains("rollout shop/orders went back to v1: aborted by ")
        .contains("mend v2, then 'sluice rollout resume shop/orders' begins it anew");
  }

  @Test
  void whatIsMeasuredIsToldWithItsVerdict() {
    admin.views.live.tell("rollout.yaml", LiveState.MEASURED);
    go(Duration.ofMinutes(1));
    go(Duration.ofSeconds(1));

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(rollout("status", "orders").out())
                    .containsPattern("MEASURED +VALUE +GOOD +VERDICT +AGE")
                    .containsPattern("webhook +- +2xx +no answer +[0-9a-z]+")
                    .contains("webhook: the webhook at http://127.0.0.1:1 does not answer: "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"promote", "resume"})
  void whatCannotBeDoneIsRefusedWithItsReason(String verb) {
    assertThat(rollout("promote", "orders").out()).as("without silent proxies").contains("v2");
    Sluice.Answer answer = rollout(verb, "orders");

    assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(answer.err())
        .contains("TrafficPolicy shop/orders: ")
        .containsAnyOf("proxies are acknowledging v1 90 %", "it is not paused: it is shifting");
  }

  @Test
  void aNameThatHasNoRolloutIsToldWithWhatShowsAll() {
    for (String command : new String[] {"status", "abort"}) {
      Sluice.Answer answer = rollout(command, "order");

      assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
      assertThat(answer.out() + answer.err()).contains("'sluice rollout status' shows all");
    }
  }

  @Test
  void aWaitTellsOfEachChangeAndEndsWhenNothingMoreHappensByItself() {
    rollout("abort", "orders");
    Sluice.Answer late = rollout("status", "orders", "--wait", "--timeout", "200ms");
    go(Duration.ofMinutes(1));

    Sluice.Answer over = rollout("status", "orders", "--wait", "--timeout", "5s");

    assertThat(late.out())
        .startsWith("shop/orders: reverting, v1=100,v2=0, 0/2 proxies: aborted by")
        .contains("v1 100 %, v2 0 % is acknowledged by 0/2 proxies");
    assertThat(over.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(over.out())
        .startsWith("shop/orders: reverted, v1=100,v2=0, 1/2 proxies: aborted by");
  }

  @Test
  void aWaitThatTakesTooLongSaysSo() {
    Sluice.Answer answer = rollout("status", "orders", "--wait", "--timeout", "200ms");

    assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(answer.out()).startsWith("shop/orders: readying, v1=100,v2=0, 0/2 proxies");
    assertThat(answer.err()).contains("not over after 200ms");
  }

  @Test
  void anEditThatIsNotTakenUpYetIsNoEndOfTheWait() {
    rollout("abort", "orders");
    admin.views.live.tell(
        "rollout.yaml",
        LiveState.ROLLOUT.replace("from: v1", "from: v2").replace("to: v2", "to: v1"));

    Sluice.Answer answer = rollout("status", "orders", "--wait", "--timeout", "200ms");

    assertThat(answer.out()).isEqualTo("shop/orders: its edit is being taken up\n");
  }
}
