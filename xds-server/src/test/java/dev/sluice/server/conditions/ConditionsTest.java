package dev.sluice.server.conditions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Location PLACE = Location.ofFile("kubernetes/test/trafficpolicies/shop/a");
  private static final Problem WRONG = Problem.error(PLACE, "$.spec.retry", "is wrong");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Tally ALL = tally(12, 12);

  @Test
  void whatEveryProxyHasIsProgrammed() {
    assertThat(texts(standing(List.of(), Reason.ACCEPTED, ALL)))
        .containsExactly(
            "Accepted True Accepted",
            "ResolvedRefs True ResolvedRefs",
            "Programmed True Programmed");
  }

  @Test
  void whatSomeProxiesLackIsPendingAndWhatConcernsNoneIsUnknown() {
    assertThat(texts(standing(List.of(), Reason.ACCEPTED, tally(10, 12))))
        .contains("Programmed False Pending");
    assertThat(texts(standing(List.of(), Reason.ACCEPTED, tally(0, 0))))
        .contains("Programmed Unknown NoProxies");
  }

  @Test
  void anInvalidDocumentSaysWhatIsWrongWithItAndIsNotProgrammed() {
    Standing standing = standing(List.of(WRONG), Reason.ACCEPTED, ALL);

    assertThat(texts(standing)).contains("Accepted False Invalid", "Programmed False NotAccepted");
    assertThat(Conditions.of(standing).getFirst().message()).isEqualTo("$.spec.retry: is wrong");
  }

  @Test
  void aServiceThatIsNotThereIsAnUnresolvedReferenceOfAnAcceptedPolicy() {
    assertThat(texts(standing(List.of(), Reason.SERVICE_NOT_FOUND, tally(0, 0))))
        .contains("Accepted True Accepted", "ResolvedRefs False ServiceNotFound");
    assertThat(texts(standing(List.of(), Reason.CONFLICTED, ALL)))
        .contains("Accepted False Conflicted");
  }

  @Test
  void whatComesToSomeProxiesFirstIsNotProgrammedHoweverManyHaveAcknowledgedWhatTheyWereSent() {
    Standing spreading =
        standing(
            List.of(), Reason.ACCEPTED, new Tally("uid/7", 12, 12, List.of(), "1 of 12 have it"));

    assertThat(texts(spreading)).contains("Programmed False Pending");
    assertThat(Conditions.of(spreading).getLast().message()).isEqualTo("1 of 12 have it");
  }

  @Test
  void theProxiesOfAllReplicasCount() {
    Standing own = standing(List.of(), Reason.ACCEPTED, ALL);

    Standing with = own.with(List.of(tally(3, 3), tally(4, 5)));

    assertThat(StatusObject.of(with).json(null, NOW)).containsEntry("programmed", "19/20");
    assertThat(texts(with)).contains("Programmed False Pending");
    assertThat(texts(own.with(List.of(tally(3, 3))))).contains("Programmed True Programmed");
  }

  @Test
  void whatAnotherReplicasProxyRefusedIsRefused() {
    Tally refused = new Tally("uid/7", 0, 1, List.of("gateway-2 refused it"), null);

    Standing with = standing(List.of(), Reason.ACCEPTED, ALL).with(List.of(refused));

    assertThat(texts(with)).contains("Programmed False RefusedByProxy");
  }

  @Test
  void aConditionThatStaysKeepsSinceWhen() {
    Map<String, Object> accepted =
        Map.of("type", "Accepted", "status", "True", "lastTransitionTime", "2025-01-01T00:00:00Z");
    Map<String, Object> programmed =
        Map.of(
            "type", "Programmed", "status", "False", "lastTransitionTime", "2025-01-01T00:00:00Z");
    Map<String, Object> before = Map.of("conditions", List.of(accepted, programmed));

    Map<String, Object> status =
        StatusObject.of(standing(List.of(), Reason.ACCEPTED, ALL)).json(before, NOW);

    assertThat(status)
        .containsEntry("observedGeneration", 7L)
        .containsEntry("programmed", "12/12")
        .containsEntry("split", "v1=90,v2=10");
    assertThat(String.valueOf(status.get("conditions")))
        .contains("type=Accepted, status=True")
        .contains("lastTransitionTime=2025-01-01T00:00:00Z")
        .containsPattern("type=Programmed, .*lastTransitionTime=2026-01-02T03:04:05Z");
  }

  private static Tally tally(int acknowledged, int concerned) {
    return new Tally("uid/7", acknowledged, concerned, List.of(), null);
  }

  private static Standing standing(List<Problem> problems, Reason reason, Tally tally) {
    return new Standing(
        "uid",
        7,
        problems,
        Optional.of(new PolicyStatus(reason, List.of(), Optional.empty())),
        List.of(),
        "v1=90,v2=10",
        Optional.empty(),
        tally);
  }

  private static List<String> texts(Standing standing) {
    return Conditions.of(standing).stream()
        .map(one -> one.type() + " " + one.holds() + " " + one.reason())
        .toList();
  }
}
