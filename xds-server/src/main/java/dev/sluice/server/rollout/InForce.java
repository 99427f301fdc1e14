package dev.sluice.server.rollout;

import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.Rolled;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.spec.DocumentKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the shares of rollouts in force, all that have changed at once: many rollouts that take a
 * step at the same time are one change for the proxies. One thread at a time uses it.
 */
final class InForce {
  private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
  private static final long IN_FORCE_SECONDS = 20;
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final int NAMED = 3;

  private final RolloutFacts stages;
  private final LongSupplier nanoTime;
  private final SortedMap<DocumentKey, Rolled> stands = new TreeMap<>();
  private final Map<DocumentKey, Failed> failed = new HashMap<>();

  private record Failed(Optional<Rolled> stand, long at) {}

  InForce(RolloutFacts stages, LongSupplier nanoTime) {
    this.stages = stages;
    this.nanoTime = nanoTime;
  }

  /** Has those of a state be in force before anything that the pipeline is told from here on. */
  void putFirst(DocumentKey policy, RolloutState state) {
    Rolled stand = stand(state);
    SortedMap<DocumentKey, Optional<Rolled>> one =
        new TreeMap<>(Map.of(policy, Optional.of(stand)));
    stages.writer().execute(() -> stages.pipeline().roll(one, reason(one.keySet(), "goes on")));
    stands.put(policy, stand);
  }

  /** Whether the shares of a state are in force. */
  boolean serves(DocumentKey policy, RolloutState state) {
    return stand(state).equals(stands.get(policy));
  }

  /**
   * Puts the shares of all rollouts in force, and has policies without one hold as they say
   * themselves; what could not be put in force is tried again later.
   *
   * @return whether anything changed
   */
  boolean bring(SortedMap<DocumentKey, RolloutState> states) {
    SortedMap<DocumentKey, Optional<Rolled>> news = new TreeMap<>();
    states.forEach(
        (policy, state) -> {
          if (!serves(policy, state)) {
            news.put(policy, Optional.of(stand(state)));
          }
        });
    stands.keySet().stream()
        .filter(policy -> !states.containsKey(policy))
        .forEach(policy -> news.put(policy, Optional.empty()));
    failed.keySet().retainAll(news.keySet());
    long now = nanoTime.getAsLong();
    news.entrySet().removeIf(one -> hasJustFailed(one.getKey(), one.getValue(), now));
    if (news.isEmpty()) {
      return false;
    }
    try {
      roll(news, states);
    } catch (IllegalStateException e) {
      if (news.size() == 1) {
        fail(news, e.toString());
      } else { // One of them must not hold back the others.
        news.forEach((policy, stand) -> alone(policy, stand, states));
      }
    }
    return true;
  }

  private boolean hasJustFailed(DocumentKey policy, Optional<Rolled> stand, long now) {
    Failed one = failed.get(policy);
    return one != null && one.stand().equals(stand) && now - one.at() < AGAIN.toNanos();
  }

  private void alone(
      DocumentKey policy, Optional<Rolled> stand, SortedMap<DocumentKey, RolloutState> states) {
    SortedMap<DocumentKey, Optional<Rolled>> one = new TreeMap<>(Map.of(policy, stand));
    try {
      roll(one, states);
    } catch (IllegalStateException e) {
      fail(one, e.toString());
    }
  }

  private void roll(
      SortedMap<DocumentKey, Optional<Rolled>> news, SortedMap<DocumentKey, RolloutState> states) {
    String what =
        news.size() > 1
            ? news.size() + " rollouts go on"
            : Optional.ofNullable(states.get(news.firstKey()))
                .map(InForce::text)
                .orElse("is over: its policy has none");
    Set<DocumentKey> refused = await(news, reason(news.keySet(), what));
    news.forEach(
        (policy, stand) -> {
          if (refused.contains(policy)) {
            fail(new TreeMap<>(Map.of(policy, stand)), "no proxy would take what it makes there");
          } else {
            failed.remove(policy);
            stand.ifPresentOrElse(it -> stands.put(policy, it), () -> stands.remove(policy));
          }
        });
  }

  private void fail(SortedMap<DocumentKey, Optional<Rolled>> news, String why) {
    news.forEach(
        (policy, stand) -> {
          Failed before = failed.put(policy, new Failed(stand, nanoTime.getAsLong()));
          if (before == null || !before.stand().equals(stand)) {
            LOG.error("{}: its shares are not in force, so it waits: {}", policy, why);
          }
        });
  }

  private Set<DocumentKey> await(SortedMap<DocumentKey, Optional<Rolled>> news, Reason why) {
    CompletableFuture<SortedSet<DocumentKey>> done =
        CompletableFuture.supplyAsync(() -> stages.pipeline().roll(news, why), stages.writer());
    try {
      return done.get(IN_FORCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server is stopping", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Rolled stand(RolloutState state) {
    SortedMap<String, Integer> parts = new TreeMap<>();
    state.shares().part().ifPresent(part -> parts.put(part.version(), part.count()));
    return new Rolled(state.shares().byVersion(), parts);
  }

  /** How it stands, for the log and the history. */
  static String text(RolloutState state) {
    return "%s, %s%s"
        .formatted(
            state.phase(), state.shares(), state.words().isEmpty() ? "" : ": " + state.words());
  }

  private static Reason reason(Set<DocumentKey> policies, String what) {
    String more = policies.size() > NAMED ? " and %d more".formatted(policies.size() - NAMED) : "";
    return new Reason(
        Reason.Kind.ROLLOUT,
        policies.stream()
            .limit(NAMED)
            .map(DocumentKey::toString)
            .collect(Collectors.joining(", ", "", more)),
        what,
        new TreeSet<ServiceId>());
  }
}
