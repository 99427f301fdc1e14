package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rollouts want somebody, as {@code sluice check} tells. */
class RolloutChecksTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

  private static List<String> messages(String phase, String more) {
    String rollouts =
        """
        {"rollouts": [{"namespace": "shop", "name": "orders", "from": "v1", "to": "v2",
          "phase": "%s", "since": "2026-01-01T00:00:00Z", "message": "why"%s}]}
        """
            .formatted(phase, more);
    try {
      return RolloutChecks.of(new ObjectMapper().readTree(rollouts), NOW).stream()
          .map(Finding::message)
          .toList();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String hindered(String kind, boolean lasting) {
    return ", \"hindrance\": {\"kind\": \"%s\", \"lasting\": %s}".formatted(kind, lasting);
  }

  @Test
  void oneThatGoesOnIsNotTold() {
    assertThat(messages("HOLDING", "")).isEmpty();
    assertThat(messages("COMPLETE", "")).isEmpty();
  }

  @Test
  void oneThatWaitsForLongWentBackOrIsPausedIsTold() {
    assertThat(messages("SHIFTING", "")).containsExactly("waits for 10m0s: why");
    assertThat(messages("REVERTED", "")).containsExactly("went back to v1: why");
    assertThat(messages("GIVEN_UP", "")).containsExactly("was given up: why");
    assertThat(messages("HOLDING", ", \"paused\": \"by anna\""))
        .containsExactly("is paused: by anna");
  }

  @Test
  void whoHasTheTrafficOfAVersionWithoutInstancesIsTold() {
    assertThat(messages("COMPLETE", ", \"standIn\": \"v1\""))
        .containsExactly("v2 has no ready instance, so v1 has all of its traffic");
    assertThat(messages("HOLDING", ", \"standIn\": \"v2\""))
        .containsExactly("v1 has no ready instance, so v2 has all of its traffic");
  }

  @Test
  void whatKeepsOneFromGoingOnIsToldUnlessItEndsByItself() {
    assertThat(messages("BLOCKED", hindered("UNREADABLE", true)))
        .containsExactly("does not go on: why");
    assertThat(messages("SHIFTING", hindered("UNKEPT", false)))
        .containsExactly("does not go on: why");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROLLBACK", "PENDING", "EDITED"})
  void whatEndsByItselfIsNotTold(String kind) {
    assertThat(messages("SHIFTING", hindered(kind, false))).isEmpty();
  }

  @Test
  void aPauseIsToldAlsoWhileProxiesComeBackAfterAStart() {
    assertThat(messages("SHIFTING", hindered("RESTART", false) + ", \"paused\": \"by anna\""))
        .containsExactly("is paused: by anna");
  }
}
