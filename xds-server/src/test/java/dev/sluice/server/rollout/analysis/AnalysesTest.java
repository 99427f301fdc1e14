package dev.sluice.server.rollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.rollout.analysis.Reading.Verdict;
import dev.sluice.spec.Analysis;
import dev.sluice.spec.Percent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When is asked, and what is made of it, by a clock that the test moves. */
final class AnalysesTest {
  private final Peer peer = new Peer();
  private volatile Instant now = Samples.BEGIN;
  private final Analyses analyses = new Analyses(() -> now, Duration.ofSeconds(5));
  private Held held = Samples.held(1, 10);
  private Analysis section = Samples.errors(peer.address());

  @AfterEach
  void close() {
    analyses.close();
    peer.close();
  }

  private Measured look() {
    return analyses.look(Samples.POLICY, held, section);
  }

  private Reading reading() {
    return analyses.readings(Samples.POLICY).getFirst();
  }

  /** Looks after a time in which something is due, and again once it is answered. */
  private Measured measured(int seconds) {
    now = now.plusSeconds(seconds);
    look();
    Awaitility.await().until(() -> reading().when().equals(Optional.of(now)));
    return look();
  }

  @Test
  void asksFirstAfterTheDelayAndThenAtEachInterval() {
    peer.gives("0");
    assertThat(look()).isEqualTo(new Measured.Pending("waits for a good answer of errors"));
    now = now.plusSeconds(19);
    look();
    assertThat(peer.asked).isEmpty();
    assertThat(measured(1)).isEqualTo(new Measured.Good());
    now = now.plusSeconds(9);
    assertThat(look()).isEqualTo(new Measured.Good());
    assertThat(peer.asked).hasSize(1);
    measured(1);
    assertThat(peer.asked).hasSize(2);
    assertThat(reading())
        .isEqualTo(new Reading("errors", "at most 1", Verdict.GOOD, "0", Optional.of(now), 0, ""));
  }

  @Test
  void doesNotWaitForAnAnswerAndAsksNobodyTwiceAtOnce() {
    peer.holds();
    look();
    now = now.plusSeconds(20);
    look();
    Awaitility.await().until(() -> peer.asked.size() == 1);
    now = now.plusSeconds(10);
    assertThat(look()).isInstanceOf(Measured.Pending.class);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> reading().verdict() == Verdict.NO_ANSWER);
    assertThat(peer.asked).hasSize(1);
    assertThat(reading().words()).endsWith("does not answer within 5s");
  }

  @Test
  void failsAfterSoManyBadAnswersInARow() {
    peer.gives("5");
    look();
    assertThat(measured(20)).isEqualTo(new Measured.Pending("waits for a good answer of errors"));
    peer.gives("1");
    assertThat(measured(10)).isEqualTo(new Measured.Good());
    peer.gives("5");
    assertThat(measured(10)).isInstanceOf(Measured.Pending.class);
    peer.gives("6");
    assertThat(measured(10))
        .isEqualTo(new Measured.Failed("errors: 6, at most 1 is good, 2 times in a row"));
  }

  @Test
  void countsNoAnswerAsNeitherGoodNorBad() {
    peer.gives("5");
    look();
    measured(20);
    peer.gives("NaN");
    assertThat(measured(10)).isInstanceOf(Measured.Pending.class);
    peer.gives("6");
    assertThat(measured(10)).isInstanceOf(Measured.Failed.class);
  }

  @Test
  void isInconclusiveAfterSoLongWithoutAnAnswer() {
    peer.gives("1");
    look();
    measured(20);
    peer.gives();
    for (int i = 0; i < 6; i++) {
      assertThat(measured(10)).isEqualTo(new Measured.Good());
    }
    assertThat(measured(10))
        .isEqualTo(
            new Measured.Inconclusive(
                "errors has had no answer for 60s: Prometheus at %s has no data"
                    .formatted(peer.address())));
    peer.gives("1");
    assertThat(measured(10)).isEqualTo(new Measured.Good());
  }

  @Test
  void needsAnAnswerToEverythingThatIsAsked() {
    section =
        Samples.analysis(
            peer.address(),
            new Analysis.SuccessRate(Percent.parse("99"), null),
            null,
            section.queries());
    peer.gives("0"); // Neither errors nor successes.
    look();
    assertThat(measured(20))
        .isEqualTo(new Measured.Pending("waits for a good answer of successRate"));
  }

  @Test
  void beginsAnewForAnotherStepAnotherSectionAndAfterAResume() {
    peer.gives("5");
    look();
    measured(20);
    held = Samples.held(2, 50);
    isAnew();
    section = Samples.analysis(peer.address(), null, null, Samples.errors("http://b").queries());
    assertThat(look()).isInstanceOf(Measured.Pending.class);
    held = Samples.held(2, 50, Optional.of(now));
    look();
    measured(20);
    assertThat(reading().failures()).as("a pause changes nothing").isEqualTo(1);
    held = Samples.held(2, 50);
    isAnew();
    measured(20);
    now = now.plus(Duration.ofHours(1)); // Nobody has looked for that long.
    isAnew();
    measured(20);
    analyses.rest(Samples.POLICY);
    assertThat(reading().failures()).as("it is still told").isEqualTo(1);
    isAnew();
    analyses.forget(Samples.POLICY);
    assertThat(analyses.readings(Samples.POLICY)).isEmpty();
    isAnew();
  }

  @Test
  void beginsAnewWhereAnEditLeftItBelowTheFirstStepAndThatIsMade() {
    peer.gives("5");
    held = Samples.held(0, 5);
    look();
    measured(20);
    held = Samples.held(1, 10);
    isAnew();
  }

  @Test
  void tellsTheSharesOfNowWhereInstancesChangeThemWithinAStep() {
    section = Samples.webhook(peer.address());
    peer.answers(204, "");
    assertThat(measured(0)).isEqualTo(new Measured.Good());
    held = Samples.held(1, 25);
    assertThat(measured(60)).as("the same measuring").isEqualTo(new Measured.Good());
    assertThat(peer.asked.getFirst()).contains("\"shares\":{\"v1\":90.0,\"v2\":10.0}");
    assertThat(peer.asked.getLast()).contains("\"shares\":{\"v1\":75.0,\"v2\":25.0}");
  }

  private void isAnew() {
    assertThat(look()).isInstanceOf(Measured.Pending.class);
    assertThat(reading().verdict()).isEqualTo(Verdict.WAITING);
    assertThat(reading().failures()).isZero();
  }

  @Test
  void whatIsLateForAStepThatIsOverIsNotCounted() {
    peer.holds();
    look();
    now = now.plusSeconds(20);
    look();
    Awaitility.await().until(() -> peer.asked.size() == 1);
    held = Samples.held(2, 50);
    peer.gives("0");
    look();
    assertThat(measured(20)).isEqualTo(new Measured.Good());
  }
}
