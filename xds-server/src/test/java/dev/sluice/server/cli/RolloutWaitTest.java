package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.rollout.Verb;
import dev.sluice.source.SourceStatus;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A rollout has come to its end, and somebody waits for that of an edit. */
class RolloutWaitTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final String POLICY =
      LiveState.ROLLOUT.substring(LiveState.ROLLOUT.indexOf("---") + 4);
  private static final String SWAPPED =
      LiveState.ROLLOUT.replace("from: v1", "from: v2").replace("to: v2", "to: v1");

  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();
  @TempDir private Path folder;

  @BeforeEach
  void complete() {
    tell("rollout.yaml", LiveState.ROLLOUT);
    finish();
  }

  private void tell(String file, String text) {
    admin.views.live.tell(file, text);
    admin.views.tell(FakeViews.FILES, file, text);
  }

  private void finish() {
    admin.views.rollouts.look();
    admin.views.live.now = admin.views.live.now.plus(Duration.ofMinutes(1));
    admin.views.rollouts.look();
    admin.views.rollouts.ask(ORDERS, Verb.PROMOTE, "me");
    admin.views.rollouts.look();
  }

  private Sluice.Answer await(String... arguments) {
    List<String> all = new ArrayList<>(List.of("rollout", "status", "--wait"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--server", admin.url()));
    return Sluice.run(all.toArray(String[]::new));
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("orders.yaml"), text).toString();
  }

  @Test
  void whatHasMovedAllOfTheTrafficIsGood() throws Exception {
    Sluice.Answer answer = await("orders");
    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).startsWith("shop/orders: complete, v1=0,v2=100");
    assertThat(await("-f", file(LiveState.ROLLOUT)).exitCode()).isZero();
    assertThat(await("orders", "-f", file(LiveState.ROLLOUT)).exitCode()).isZero();
  }

  @Test
  void theRolloutBeforeIsNoAnswerForAnEditionThatTheServerHasNotRead() throws Exception {
    String edited = file(SWAPPED);

    Sluice.Answer tooEarly = await("-f", edited, "--timeout", "300ms");
    assertThat(tooEarly.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(tooEarly.out())
        .isEqualTo(
            "TrafficPolicy shop/orders: the server has another edition, of rollout.yaml:10\n");
    assertThat(tooEarly.err()).contains("not over after 300ms");

    CompletableFuture<Sluice.Answer> waiting =
        CompletableFuture.supplyAsync(() -> await("-f", edited));
    tell("rollout.yaml", SWAPPED);
    finish();
    Sluice.Answer answer = waiting.get(20, TimeUnit.SECONDS);
    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).endsWith("v1 has all of the traffic\n");
  }

  @Test
  void aNewEditionThatIsWrongEndsItWithWhatIsWrong() {
    Problem wrong =
        Problem.error(new Location("rollout.yaml", 12, 3), "$.spec.rollout", "must have steps");
    admin.views.sources =
        List.of(
            new SourceStatus(
                FakeViews.FILES,
                SourceStatus.State.SYNCED,
                FakeViews.NOON,
                null,
                List.of(
                    wrong, Problem.error(new Location("other.yaml", 1, 1), "$", "is another"))));

    Sluice.Answer answer = await("orders");

    assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(answer.err())
        .contains("the newest edition of shop/orders is wrong, so the one before it holds:")
        .contains("rollout.yaml:12:3 $.spec.rollout: must have steps")
        .doesNotContain("other.yaml");
  }

  @Test
  void aNewEditionThatIsSetAsideEndsItWithTheReason() {
    tell(
        "a.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: aorders, namespace: shop}
        spec: {target: {service: orders}, timeouts: {request: 5s}}
        """);
    tell("rollout.yaml", LiveState.ROLLOUT + "  timeouts: {request: 7s}\n");

    Sluice.Answer answer = await("orders");

    assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(answer.err())
        .contains("the newest edition of shop/orders does not hold: the policy is not applied")
        .contains("Conflicted");
  }

  @Test
  void thatOfAPolicyWithoutASayNeverEndsWell() throws Exception {
    String other = POLICY.replace("{name: orders,", "{name: zorders,");
    tell("z.yaml", other);
    admin.views.rollouts.look();

    Sluice.Answer answer = await("zorders");

    assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(answer.out())
        .startsWith("shop/zorders: blocked: the policy is not applied (Conflicted): z.yaml:")
        .contains("rollout of orders.shop:80 is set by TrafficPolicy shop/orders");
    Sluice.Answer json = await("zorders", "-o", "json");
    assertThat(json.out()).contains("\"kind\" : \"REJECTED\"", "\"lasting\" : true");
    assertThat(await("-f", file(other), "--timeout", "5s").exitCode()).isEqualTo(ExitCode.NO);
  }

  @Test
  void filesWithoutARolloutAreNotWaitedFor() throws Exception {
    Sluice.Answer none =
        await("-f", file(POLICY.substring(0, POLICY.indexOf("  rollout:"))), "--timeout", "5s");
    assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(none.err()).contains("no policy in the files has a rollout");

    Sluice.Answer unknown = await("stock", "--timeout", "1s");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(unknown.err())
        .contains("it is not over after 1s: no policy called stock has a rollout")
        .doesNotContain("and goes on");
  }

  @Test
  void somethingHasToBeNamed() throws Exception {
    assertThat(await().exitCode()).isEqualTo(ExitCode.USAGE);
    Sluice.Answer alone = Sluice.run("rollout", "status", "-f", file(POLICY));
    assertThat(alone.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(alone.err()).contains("sluice rollout status --wait -f PATH");
    Sluice.Answer wrong = await("-f", file(LiveState.ROLLOUT.replace("weight: 10", "weight: a")));
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("orders.yaml:");
  }
}
