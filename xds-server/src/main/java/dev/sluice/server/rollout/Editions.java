package dev.sluice.server.rollout;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.pipeline.HeldBack;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.rollout.Hindrance.Kind;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The policies with a rollout, at one moment: as they are told, as they are in force, and what
 * became of them. Whatever another thread is about to change is taken for a hindrance.
 */
final class Editions {
  private final Documents told;
  private final Documents inForce;
  private final SortedMap<DocumentKey, PolicyStatus> statuses;
  private final SortedMap<DocumentKey, PolicyStatus> statusesInForce;
  private final Set<DocumentKey> heldBack;
  private final String pin;
  private final SortedMap<DocumentKey, Edition> all = new TreeMap<>();

  private Editions(Pipeline pipeline) {
    this.told = pipeline.judged();
    this.heldBack = HeldBack.keys(pipeline.heldBack());
    this.pin = pipeline.pin().map(it -> "the rollback to " + it).orElse("the rollback");
    this.statuses = pipeline.statuses();
    this.statusesInForce = pipeline.index().statuses();
    this.inForce = pipeline.documents();
  }

  /** Those of now. */
  static Editions of(Pipeline pipeline) {
    Editions editions = new Editions(pipeline);
    List.of(editions.told, editions.inForce)
        .forEach(
            documents ->
                documents.all().values().stream()
                    .filter(it -> rolling(Optional.of(it)).isPresent())
                    .forEach(it -> editions.all.computeIfAbsent(it.key(), editions::edition)));
    return editions;
  }

  /** All, by their keys. */
  List<Edition> all() {
    return List.copyOf(all.values());
  }

  Optional<Edition> of(DocumentKey policy) {
    return Optional.ofNullable(all.get(policy));
  }

  /** Those whose rollouts are kept where the policies are told. */
  List<TrafficPolicy> told() {
    List<TrafficPolicy> policies = new ArrayList<>();
    all.values().stream().filter(Edition::isTold).forEach(it -> policies.add(it.policy()));
    return policies;
  }

  /**
   * Whether nobody wants a rollout of that policy any more: what is told has none, nor has what a
   * rollback has hold for a time, nor what holds in place of an edit that is set aside.
   *
   * @param stands whether a policy of that name is there, though it may be wrong
   */
  boolean isOver(DocumentKey policy, BooleanSupplier stands) {
    return !all.containsKey(policy)
        && (told.document(policy).isPresent() || !stands.getAsBoolean());
  }

  private Edition edition(DocumentKey key) {
    Optional<TrafficPolicy> wanted = rolling(told.document(key));
    Optional<TrafficPolicy> holds = rolling(inForce.document(key));
    TrafficPolicy shown = wanted.or(() -> holds).orElseThrow();
    Optional<String> status = Optional.ofNullable(statuses.get(key)).map(Editions::words);
    if (heldBack.contains(key)) {
      return hindered(
          shown,
          wanted.isPresent(),
          Kind.ROLLBACK,
          "waits for the end of %s, which has another edition of the policy in force; 'sluice rollback --lift' ends it"
              .formatted(pin));
    }
    if (isSame(told.document(key), inForce.document(key))) {
      return new Edition(holds.orElseThrow(), true, hindrance(key), Optional.empty());
    }
    PolicyStatus became = statuses.get(key);
    if (became == null || (became.accepted() && !Problem.anyError(became.problems()))) {
      return hindered(shown, wanted.isPresent(), Kind.EDITED, "its edit is being taken up");
    }
    return holds.isPresent()
        ? new Edition(holds.get(), true, hindrance(key), status)
        : hindered(shown, true, Kind.REJECTED, status.orElseThrow());
  }

  /** Why the edition of a policy that is in force has no effect. */
  private Optional<Hindrance> hindrance(DocumentKey key) {
    PolicyStatus status = statusesInForce.get(key);
    if (status == null) {
      return Optional.empty();
    }
    return switch (status.state()) {
      case APPLIED, PARTLY_APPLIED -> Optional.empty();
      case PENDING -> Optional.of(new Hindrance(Kind.PENDING, words(status)));
      case REJECTED -> Optional.of(new Hindrance(Kind.REJECTED, words(status)));
    };
  }

  private static Edition hindered(TrafficPolicy policy, boolean isTold, Kind kind, String words) {
    return new Edition(policy, isTold, Optional.of(new Hindrance(kind, words)), Optional.empty());
  }

  private static String words(PolicyStatus status) {
    String problems =
        status.problems().stream().map(Object::toString).collect(Collectors.joining("; "));
    return "the policy is not applied (%s)%s"
        .formatted(status.reason(), problems.isEmpty() ? "" : ": " + problems);
  }

  private static Optional<TrafficPolicy> rolling(Optional<Document> document) {
    return document
        .filter(TrafficPolicy.class::isInstance)
        .map(TrafficPolicy.class::cast)
        .filter(it -> it.spec().rollout() != null);
  }

  /** Whether they say the same, wherever they were read. */
  private static boolean isSame(Optional<Document> one, Optional<Document> other) {
    return rolling(one).map(TrafficPolicy::spec).equals(rolling(other).map(TrafficPolicy::spec));
  }
}
