package dev.sluice.server.conditions;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.server.conditions.Condition.Holds;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the conditions of a status from how a document stands. */
final class Conditions {
  /** Kubernetes' API server takes no longer message. */
  private static final int LONGEST_MESSAGE = 32_000;

  private static final Set<Reason> UNRESOLVED =
      Set.of(
          Reason.SERVICE_NOT_FOUND,
          Reason.UNKNOWN_PORT,
          Reason.UNKNOWN_GATEWAY,
          Reason.UNKNOWN_LISTENER,
          Reason.UNKNOWN_VERSION,
          Reason.UNKNOWN_BACKEND);

  private Conditions() {}

  /** Accepted, ResolvedRefs and Programmed, and what is to be said of a rollout. */
  static List<Condition> of(Standing standing) {
    Condition accepted = accepted(standing);
    return Stream.concat(
            Stream.of(accepted, resolved(standing), programmed(standing, accepted.holds())),
            standing.rollout().stream())
        .toList();
  }

  private static Condition accepted(Standing standing) {
    if (Problem.anyError(standing.problems())) {
      return condition("Accepted", Holds.FALSE, "Invalid", text(standing.problems()));
    }
    if (standing.policy().isPresent()) {
      PolicyStatus policy = standing.policy().get();
      return policy.accepted()
          ? condition("Accepted", Holds.TRUE, "Accepted", text(standing.problems()))
          : condition("Accepted", Holds.FALSE, policy.reason().toString(), text(policy.problems()));
    }
    return condition("Accepted", Holds.TRUE, "Accepted", text(standing.problems()));
  }

  private static Condition resolved(Standing standing) {
    PolicyStatus policy = standing.policy().orElse(null);
    if (policy != null && UNRESOLVED.contains(policy.reason())) {
      return condition(
          "ResolvedRefs", Holds.FALSE, policy.reason().toString(), text(policy.problems()));
    }
    return standing.missing().isEmpty()
        ? condition("ResolvedRefs", Holds.TRUE, "ResolvedRefs", "")
        : condition("ResolvedRefs", Holds.FALSE, "SecretNotFound", text(standing.missing()));
  }

  private static Condition programmed(Standing standing, Holds accepted) {
    Tally tally = standing.tally();
    if (accepted != Holds.TRUE) {
      return condition(
          "Programmed",
          Holds.FALSE,
          "NotAccepted",
          "proxies keep what held before, if anything did");
    }
    PolicyStatus policy = standing.policy().orElse(null);
    if (policy != null && policy.reason() == Reason.HELD_BACK) {
      return condition(
          "Programmed", Holds.FALSE, policy.reason().toString(), text(policy.problems()));
    }
    if (!tally.refused().isEmpty()) {
      return condition(
          "Programmed", Holds.FALSE, "RefusedByProxy", String.join("\n", tally.refused()));
    }
    String of =
        "%d of %d proxies have acknowledged it".formatted(tally.acknowledged(), tally.concerned());
    String spreading = tally.spreading();
    if (spreading != null) {
      return condition("Programmed", Holds.FALSE, "Pending", spreading);
    }
    if (tally.concerned() == 0) {
      return condition("Programmed", Holds.UNKNOWN, "NoProxies", "it concerns no connected proxy");
    }
    return tally.acknowledged() == tally.concerned()
        ? condition("Programmed", Holds.TRUE, "Programmed", of)
        : condition("Programmed", Holds.FALSE, "Pending", of);
  }

  private static Condition condition(String type, Holds holds, String reason, String message) {
    String text =
        message.length() <= LONGEST_MESSAGE
            ? message
            : message.substring(0, LONGEST_MESSAGE) + "...";
    return new Condition(type, holds, reason, text);
  }

  /** Without the place: it is the object itself. */
  private static String text(List<Problem> problems) {
    return problems.stream()
        .map(one -> one.path() + ": " + one.message())
        .distinct()
        .collect(Collectors.joining("\n"));
  }
}
