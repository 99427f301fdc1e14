package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.xds.Canary.Answer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whom a changed configuration comes to, by what proxies answer; a stream is its proxy's id. */
class CanaryTest {
  private static final long WITHIN = TimeUnit.SECONDS.toNanos(30);

  private final Canary<String> canary =
      new Canary<>(
          new Stages(
              List.of(new Stages.Count(1), new Stages.Percentage(10)), Duration.ofSeconds(30)),
          Set.of());

  @Test
  void itComesToOneThenToATenthAndThenToAll() {
    canary.choose(proxies(25), 0);
    assertThat(canary.asked()).hasSize(1);
    assertThat(canary.stage()).isEqualTo("1");
    String first = canary.asked().getFirst();
    canary.answered(first, first, Answer.ACCEPTED, 0);
    assertThat(canary.isChoosing()).isTrue();

    canary.choose(proxies(25), 0);
    assertThat(canary.asked()).hasSize(3).contains(first);
    assertThat(canary.stage()).isEqualTo("10%");
    assertThat(canary.accepted()).isEqualTo(1);
    canary.asked().forEach(proxy -> canary.answered(proxy, proxy, Answer.ACCEPTED, 0));
    assertThat(canary.isDone()).as("nobody has looked who is there").isFalse();

    canary.choose(proxies(25), 0);
    assertThat(canary.isDone()).isTrue();
  }

  @Test
  void ofTheSameProxiesTheSameOnesAreAskedInAnyOrder() {
    Map<String, String> some = proxies(50);
    Map<String, String> backwards = new LinkedHashMap<>();
    some.keySet().stream().toList().reversed().forEach(proxy -> backwards.put(proxy, proxy));
    Canary<String> other =
        new Canary<>(new Stages(List.of(new Stages.Count(7)), Duration.ofSeconds(1)), Set.of());
    Canary<String> again =
        new Canary<>(new Stages(List.of(new Stages.Count(7)), Duration.ofSeconds(1)), Set.of());

    other.choose(some, 0);
    again.choose(backwards, 0);

    assertThat(other.asked()).hasSize(7).isEqualTo(again.asked());
    assertThat(other.asked())
        .as("neighbours")
        .isNotEqualTo(some.keySet().stream().limit(7).toList());
  }

  @Test
  void aStageThatIsForAllIsNone() {
    canary.choose(proxies(1), 0);

    assertThat(canary.isDone()).isTrue();
  }

  @Test
  void whomItConcernsNotIsNotAsked() {
    canary.choose(Map.of(), 0);

    assertThat(canary.isDone()).isTrue();
  }

  @Test
  void aRefusalHaltsItUntilItIsTakenBack() {
    canary.choose(proxies(25), 0);
    String first = canary.asked().getFirst();

    canary.answered(first, first, Answer.REFUSED, 0);
    assertThat(canary.halted(0)).contains(first + " refused it");
    assertThat(canary.isChoosing()).isFalse();

    canary.answered(first, first, Answer.ACCEPTED, 0);
    assertThat(canary.halted(0)).isEmpty();
    assertThat(canary.isChoosing()).isTrue();
  }

  @Test
  void silenceHaltsItAfterItsTimeAndAnAnswerEndsThat() {
    canary.choose(proxies(25), 5);
    String first = canary.asked().getFirst();

    assertThat(canary.halted(4 + WITHIN)).isEmpty();
    assertThat(canary.halted(5 + WITHIN)).contains(first + " did not acknowledge it within 30s");

    canary.answered(first, first, Answer.ACCEPTED, 0);
    assertThat(canary.halted(5 + WITHIN)).isEmpty();
  }

  @Test
  void whoChangesWhileItSpreadsAnswersAnew() {
    canary.choose(proxies(25), 0);
    canary.answered(canary.asked().getFirst(), canary.asked().getFirst(), Answer.ACCEPTED, 0);
    canary.choose(proxies(25), 0);

    canary.askAgain(WITHIN);

    assertThat(canary.accepted()).isZero();
    assertThat(canary.halted(2 * WITHIN - 1)).isEmpty();
    assertThat(canary.halted(2 * WITHIN)).isPresent();
  }

  @Test
  void whoLeavesWithoutAnAnswerIsReplacedByAnotherOne() {
    canary.choose(proxies(25), 0);
    String first = canary.asked().getFirst();

    canary.left(first);
    assertThat(canary.isAsked(first)).isFalse();
    assertThat(canary.isChoosing()).isTrue();

    canary.choose(proxies(25), 0);
    assertThat(canary.asked()).hasSize(1).doesNotContain(first);
  }

  @Test
  void whoLeavesAfterItsAnswerIsNoLoss() {
    canary.choose(proxies(25), 0);
    String gone = canary.asked().getFirst();
    canary.answered(gone, gone, Answer.ACCEPTED, 0);

    assertThat(canary.left(gone)).isFalse();

    assertThat(canary.halted(0)).isEmpty();
    assertThat(canary.isAsked(gone)).as("it is to find the same when it comes back").isTrue();
  }

  @Test
  void whoeverIsLeftOfTwoIsAskedAndIsNotAll() {
    canary.choose(proxies(2), 0);
    String first = canary.asked().getFirst();
    canary.left(first);
    Map<String, String> left = proxies(2);
    left.remove(first);

    canary.choose(left, 0);

    assertThat(canary.isDone()).isFalse();
    String second = canary.asked().getFirst();
    assertThat(second).isNotEqualTo(first);

    canary.answered(second, second, Answer.ACCEPTED, 0);
    canary.choose(left, 0);
    canary.choose(left, 0);
    assertThat(canary.isDone()).as("somebody uses it").isTrue();
  }

  @Test
  void whenAllHaveGoneItWaitsForThoseThatComeBack() {
    canary.choose(proxies(2), 0);
    canary.left(canary.asked().getFirst());
    canary.choose(Map.of(), 0);

    assertThat(canary.isDone()).isFalse();
    assertThat(canary.isChoosing()).as("nobody is there").isFalse();
    assertThat(canary.isShort()).isTrue();

    canary.chooseAgain();
    canary.choose(proxies(2), 0);
    assertThat(canary.asked()).hasSize(1);
    assertThat(canary.isDone()).isFalse();
  }

  @Test
  void aProxyThatIsBackBeforeItsOldStreamIsKnownToBeGoneIsNotLost() {
    Canary<Integer> streams =
        new Canary<>(new Stages(List.of(new Stages.Count(1)), Duration.ofSeconds(1)), Set.of());
    streams.choose(Map.of(1, "a", 2, "b"), 0);
    String proxy = streams.asked().getFirst();
    int old = proxy.equals("a") ? 1 : 2;

    streams.answered(9, proxy, Answer.WAITING, 0);
    assertThat(streams.left(old)).isFalse();
    assertThat(streams.isAsked(proxy)).isTrue();

    streams.answered(9, proxy, Answer.ACCEPTED, 0);
    assertThat(streams.isChoosing()).isTrue();
  }

  @Test
  void afterThreeLossesNobodyIsAskedAnyMore() {
    for (int i = 0; i < 3; i++) {
      canary.choose(proxies(25), 0);
      canary.left(canary.asked().getFirst());
    }

    assertThat(canary.isChoosing()).isFalse();
    assertThat(canary.halted(0).orElseThrow()).endsWith(" left without an answer");
  }

  @Test
  void whoWasSilentIsNotAskedByTheNextOne() {
    canary.choose(proxies(25), 0);
    String silent = canary.asked().getFirst();
    Canary<String> next =
        new Canary<>(
            new Stages(List.of(new Stages.Count(1)), Duration.ofSeconds(1)),
            canary.withoutAnswer(WITHIN));

    next.choose(proxies(25), 0);

    assertThat(next.asked()).hasSize(1).doesNotContain(silent);
  }

  @Test
  void aProxyIsAskedOnAllItsStreams() {
    Canary<Integer> streams =
        new Canary<>(new Stages(List.of(new Stages.Count(1)), Duration.ofSeconds(1)), Set.of());
    streams.choose(Map.of(1, "a", 2, "a", 3, "b", 4, "b"), 0);
    String proxy = streams.isAsked("a") ? "a" : "b";
    int first = proxy.equals("a") ? 1 : 3;

    streams.answered(first, proxy, Answer.ACCEPTED, 0);
    assertThat(streams.accepted()).isZero();
    assertThat(streams.isChoosing()).isFalse();

    streams.answered(first + 1, proxy, Answer.ACCEPTED, 0);
    assertThat(streams.accepted()).isEqualTo(1);
    assertThat(streams.isChoosing()).isTrue();
  }

  private static Map<String, String> proxies(int count) {
    Map<String, String> proxies = new LinkedHashMap<>();
    IntStream.range(0, count).mapToObj("gateway-%02d"::formatted).forEach(p -> proxies.put(p, p));
    return proxies;
  }
}
