package dev.sluice.server.rollout;

import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.Rolled;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.spec.DocumentKey;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Puts the shares of rollouts in force. */
final class InForce {
  private static final long IN_FORCE_SECONDS = 20;

  private final RolloutFacts stages;

  InForce(RolloutFacts stages) {
    this.stages = stages;
  }

  /** Puts those of a state in force; they are when this returns. */
  void put(DocumentKey policy, RolloutState state) {
    await(policy, stand(state), reason(policy, text(state)));
  }

  /** Has a policy hold as it says itself. */
  void forget(DocumentKey policy) {
    await(policy, Optional.empty(), reason(policy, "is over: its policy has none"));
  }

  /** Has those of a state be in force before anything that the pipeline is told from here on. */
  void putFirst(DocumentKey policy, RolloutState state) {
    stages
        .writer()
        .execute(() -> stages.pipeline().roll(policy, stand(state), reason(policy, "goes on")));
  }

  private void await(DocumentKey policy, Optional<Rolled> stand, Reason why) {
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> stages.pipeline().roll(policy, stand, why), stages.writer());
    try {
      done.get(IN_FORCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server is stopping", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the shares of " + policy + " are not in force", e);
    }
  }

  private static Optional<Rolled> stand(RolloutState state) {
    SortedMap<String, Integer> parts = new TreeMap<>();
    state.shares().part().ifPresent(part -> parts.put(part.version(), part.count()));
    return Optional.of(new Rolled(state.shares().byVersion(), parts));
  }

  /** How it stands, for the log and the history. */
  static String text(RolloutState state) {
    return "%s, %s%s"
        .formatted(
            state.phase(), state.shares(), state.words().isEmpty() ? "" : ": " + state.words());
  }

  private static Reason reason(DocumentKey policy, String what) {
    return new Reason(Reason.Kind.ROLLOUT, policy.toString(), what, new TreeSet<ServiceId>());
  }
}
