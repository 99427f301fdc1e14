package dev.sluice.e2e;

import static dev.sluice.e2e.MeasuredCanary.share;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Canaries that a real Prometheus measures by the statistics of real Envoys, and a webhook, under
 * traffic through a sidecar and a gateway.
 */
@NeedsEnvoy
@NeedsPrometheus
class RolloutAnalysisTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** A look, a scrape, and that every proxy acknowledges the way back. */
  private static final Duration BESIDE = Duration.ofSeconds(5);

  private static final String SHORT = "interval: 1s, delay: 1s, inconclusiveFor: 8s";

  @TempDir private Path folder;

  @Test
  void aVersionThatFailsFromTheBeginningIsGoneAfterTheFirstMeasurement() throws IOException {
    try (MeasuredCanary canary = new MeasuredCanary("analysis-bad", folder)) {
      canary.newVersion().failEach(20);
      canary.begin(
          "{weight: 10, hold: 1m}, {weight: 50, hold: 1m}",
          "prometheus: '%s', interval: 10s, failureLimit: 1, successRate: {min: 99, over: 10s}"
              .formatted(canary.prometheus()));
      JsonNode back = canary.awaitPhase("REVERTED");

      TrafficReport answers = canary.awaitMore();
      TrafficReport ofNew = answers.where(answer -> answer.version().equals("v2"));
      Duration exposed = Duration.ofNanos(last(ofNew) - first(ofNew));
      System.out.printf(
          "5 %% errors from the beginning: %s; v2 was called for %d ms; %s of %s%n",
          back.path("message").asText(),
          exposed.toMillis(),
          answers.statuses(),
          answers.versions());
      assertThat(back.path("message").asText())
          .matches("successRate: 9[0-9.]+ %, at least 99 % .*");
      assertThat(exposed).isLessThan(INTERVAL.plus(BESIDE));
      assertThat(ofNew.count() * 100L / sentWhile(ofNew, answers)).as("percent").isBetween(5L, 15L);
      assertThat(answers.failures())
          .as("only one of twenty of v2, in that time")
          .hasSizeBetween(1, ofNew.count() / 20 + 1)
          .allMatch(answer -> answer.status() == 500 && answer.version().equals("v2"));
      assertThat(share(back)).isZero();
    }
  }

  @Test
  void aVersionThatBeginsToFailInALaterStepIsHaltedAndGoesBack() throws IOException {
    try (MeasuredCanary canary = new MeasuredCanary("analysis-later", folder)) {
      canary.begin(
          "{weight: 10, hold: 1s}, {weight: 50, hold: 5m}",
          "prometheus: '%s', interval: 2s, failureLimit: 2, successRate: {min: 98, over: 5s}"
              .formatted(canary.prometheus()));
      canary.await(it -> share(it) == 50 && reading(it, "successRate").equals("GOOD"));
      assertThat(canary.answers().failures()).isEmpty();

      canary.newVersion().failEach(20);
      long began = System.nanoTime();
      JsonNode back = canary.awaitPhase("REVERTED");

      TrafficReport answers = canary.awaitMore();
      long nanos = last(answers.where(answer -> answer.version().equals("v2"))) - began;
      System.out.printf(
          "5 %% errors at 50 %%: %s; gone after %d ms, with %d failures%n",
          back.path("message").asText(),
          TimeUnit.NANOSECONDS.toMillis(nanos),
          answers.failures().size());
      assertThat(back.path("message").asText()).endsWith("is good, 2 times in a row");
      // Until most of what is counted is of the time in which it fails, and two intervals.
      assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofSeconds(5 + 2 * 2).plus(BESIDE));
      long ofNew = answers.sentAfter(began).where(answer -> answer.version().equals("v2")).count();
      assertThat(answers.failures())
          .hasSizeBetween(1, (int) ofNew / 20 + 2)
          .allMatch(answer -> answer.version().equals("v2"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "telemetry: {statPrefix: orders}\n"})
  void aGoodVersionGoesThroughWithoutAQueryWritten(String telemetry) throws IOException {
    try (MeasuredCanary canary = new MeasuredCanary("analysis-good", folder)) {
      canary.begin(
          telemetry,
          "{weight: 10, hold: 3s}, {weight: 50, hold: 1s}",
          "prometheus: '%s', interval: 1s, successRate: {min: 99.9, over: 15s}, latency: {max: 5s, over: 15s}"
              .formatted(canary.prometheus()));
      canary.await(it -> share(it) == 10 && it.path("phase").asText().equals("HOLDING"));
      JsonNode complete = canary.awaitPhase("COMPLETE");

      assertThat(reading(complete, "successRate")).isEqualTo("GOOD");
      assertThat(reading(complete, "latency")).isEqualTo("GOOD");
      assertThat(canary.sluice().succeed("rollout", "status", "orders"))
          .containsPattern("successRate +100 % +at least 99.9 % +good")
          .containsPattern("latency +[0-9.]+ ms +at most 5000 ms +good");
      assertThat(canary.awaitMore().failures()).isEmpty();
    }
  }

  /** What may be wrong with a Prometheus. */
  enum Trouble {
    DOWN,
    SLOW,
    EMPTY
  }

  @ParameterizedTest
  @EnumSource
  void withoutAnAnswerItPausesAndSaysWhyAndGoesOnWhenResumed(Trouble trouble) throws IOException {
    try (MeasuredCanary canary = new MeasuredCanary("analysis-" + trouble, folder)) {
      switch (trouble) {
        case DOWN -> canary.stopPrometheus();
        case SLOW -> canary.signalPrometheus("STOP");
        case EMPTY -> {
          canary.stopPrometheus();
          canary.startEmptyPrometheus();
        }
      }
      canary.begin(
          "{weight: 10, hold: 1s}",
          "prometheus: '%s', %s, successRate: {min: 99, over: 5s}"
              .formatted(canary.prometheus(), SHORT));
      JsonNode paused = canary.await(it -> it.has("paused"));
      System.out.println(trouble + ": " + paused.path("paused").asText());
      assertThat(paused.path("paused").asText())
          .startsWith("successRate has had no answer for ")
          .contains("Prometheus at " + canary.prometheus())
          .contains(
              switch (trouble) {
                case DOWN -> "does not answer: ";
                case SLOW -> "does not answer within 10s";
                case EMPTY -> "has no data: v2 had no requests within 5s, or it does not scrape";
              });
      assertThat(share(paused)).isEqualTo(10);
      assertThat(canary.sluice().expect(1, "rollout", "status", "orders"))
          .containsPattern("successRate +- +at least 99 % +no answer");

      switch (trouble) {
        case DOWN -> canary.startPrometheus();
        case SLOW -> canary.signalPrometheus("CONT");
        case EMPTY -> {
          canary.stopPrometheus();
          canary.startPrometheus();
        }
      }
      canary.await(it -> reading(it, "successRate").equals("GOOD"));
      assertThat(canary.standing().has("paused")).as("until somebody says so").isTrue();
      canary.sluice().succeed("rollout", "resume", "orders");
      canary.awaitPhase("COMPLETE");
      assertThat(canary.awaitMore().failures()).isEmpty();
    }
  }

  @Test
  void aWebhookLetsAStepGoOnOrSendsItBack() throws IOException {
    try (MeasuredCanary canary = new MeasuredCanary("analysis-webhook", folder)) {
      TestBackend gate = canary.backend("gate");
      gate.answerWith(503);
      canary.begin(
          "{weight: 10, hold: 1s}, {weight: 50, hold: 5m}",
          "interval: 1s, failureLimit: 2, webhook: {url: 'http://127.0.0.1:%d/may?token=secret'}"
              .formatted(gate.port()));
      JsonNode held =
          canary.await(
              it -> it.path("message").asText().equals("waits for a good answer of webhook"));
      assertThat(held.toString()).doesNotContain("secret");
      assertThat(share(held)).isEqualTo(10);
      gate.answerWith(200);
      canary.await(it -> share(it) == 50 && reading(it, "webhook").equals("GOOD"));
      gate.answerWith(409);
      JsonNode back = canary.awaitPhase("REVERTED");
      assertThat(back.path("message").asText())
          .startsWith("webhook: 409 (")
          .endsWith("2xx is good, 2 times in a row");
      assertThat(gate.lastRequest()).containsEntry("content-type", "application/json");
      assertThat(canary.awaitMore().failures()).isEmpty();
    }
  }

  private static String reading(JsonNode standing, String name) {
    return StreamSupport.stream(standing.path("readings").spliterator(), false)
        .filter(reading -> reading.path("name").asText().equals(name))
        .map(reading -> reading.path("verdict").asText())
        .findFirst()
        .orElse("");
  }

  private static LongStream sent(TrafficReport report) {
    return report.answers().stream().mapToLong(Answer::sentNanos);
  }

  private static long first(TrafficReport report) {
    return sent(report).min().orElseThrow();
  }

  private static long last(TrafficReport report) {
    return sent(report).max().orElseThrow();
  }

  /** How many of all were sent while {@code some} were. */
  private static long sentWhile(TrafficReport some, TrafficReport all) {
    List<Long> bounds = List.of(first(some), last(some));
    return sent(all).filter(sent -> sent >= bounds.get(0) && sent <= bounds.get(1)).count();
  }
}
