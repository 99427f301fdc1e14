package dev.sluice.server.rollout;

import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.Rolled;
import dev.sluice.policy.attach.Scope;
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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the shares of rollouts in force, all that have changed at once: many rollouts that take a
 * step at the same time are one change for the proxies. One thread at a time uses it.
 */
final class InForce {
  private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final int NAMED = 3;

  private final RolloutFacts stages;
  private final LongSupplier nanoTime;
  private final Duration patience;
  private final SortedMap<DocumentKey, Rolled> stands = new TreeMap<>();
  private final Map<DocumentKey, Failed> failed = new HashMap<>();

  /** What takes so long that nobody waits for it: the next look sees what became of it. */
  private @Nullable Change slow;

  private record Failed(Optional<Rolled> stand, long at) {}

  /**
   * What is being put in force.
   *
   * @param done gives those that no proxy would take
   */
  private record Change(
      SortedMap<DocumentKey, Optional<Rolled>> news, Future<SortedSet<DocumentKey>> done) {}

  InForce(RolloutFacts stages, LongSupplier nanoTime) {
    this(stages, nanoTime, PATIENCE);
  }

  InForce(RolloutFacts stages, LongSupplier nanoTime, Duration patience) {
    this.stages = stages;
    this.nanoTime = nanoTime;
    this.patience = patience;
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
    Change before = slow;
    if (before != null && !before.done().isDone()) {
      return false; // One more would come after it.
    }
    slow = null;
    if (before != null) {
      settle(before, states);
    }
    SortedMap<DocumentKey, Optional<Rolled>> news = news(states);
    if (!news.isEmpty() && slow == null) {
      settle(begin(news, states), states);
    }
    return before != null || !news.isEmpty();
  }

  private SortedMap<DocumentKey, Optional<Rolled>> news(
      SortedMap<DocumentKey, RolloutState> states) {
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
    return news;
  }

  /** Notes what became of it; if it failed, one of several must not hold back the others. */
  private void settle(Change change, SortedMap<DocumentKey, RolloutState> states) {
    try {
      note(change.news(), change.done().get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server is stopping", e);
    } catch (TimeoutException e) {
      slow = change;
      LOG.error(
          "the shares of {} are not in force after {} s; rollouts wait for it",
          names(change.news().keySet()),
          patience.toSeconds());
    } catch (ExecutionException e) {
      if (change.news().size() == 1) {
        fail(change.news(), String.valueOf(e.getCause()));
      } else {
        change.news().keySet().forEach(policy -> alone(policy, states));
      }
    }
  }

  private boolean hasJustFailed(DocumentKey policy, Optional<Rolled> stand, long now) {
    Failed one = failed.get(policy);
    return one != null && one.stand().equals(stand) && now - one.at() < AGAIN.toNanos();
  }

  /** By its shares of now: what failed may be old by then. */
  private void alone(DocumentKey policy, SortedMap<DocumentKey, RolloutState> states) {
    Optional<Rolled> stand = Optional.ofNullable(states.get(policy)).map(InForce::stand);
    boolean isNews = !stand.equals(Optional.ofNullable(stands.get(policy)));
    if (isNews && slow == null) { // Else it comes with the next look.
      settle(begin(new TreeMap<>(Map.of(policy, stand)), states), states);
    }
  }

  private Change begin(
      SortedMap<DocumentKey, Optional<Rolled>> news, SortedMap<DocumentKey, RolloutState> states) {
    String what =
        news.size() > 1
            ? news.size() + " rollouts go on"
            : Optional.ofNullable(states.get(news.firstKey()))
                .map(InForce::text)
                .orElse("is over: its policy has none");
    Reason why = reason(news.keySet(), what);
    return new Change(
        news,
        CompletableFuture.supplyAsync(() -> stages.pipeline().roll(news, why), stages.writer()));
  }

  private void note(SortedMap<DocumentKey, Optional<Rolled>> news, SortedSet<DocumentKey> refused) {
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

  private Reason reason(Set<DocumentKey> policies, String what) {
    PolicyIndex index = stages.pipeline().index();
    TreeSet<ServiceId> services = new TreeSet<>();
    for (DocumentKey policy : policies) {
      if (index.scope(policy).orElse(null) instanceof Scope.OfPort port) {
        services.add(port.service());
      }
    }
    return new Reason(Reason.Kind.ROLLOUT, names(policies), what, services);
  }

  private static String names(Set<DocumentKey> policies) {
    String more = policies.size() > NAMED ? " and %d more".formatted(policies.size() - NAMED) : "";
    return policies.stream()
        .limit(NAMED)
        .map(DocumentKey::toString)
        .collect(Collectors.joining(", ", "", more));
  }
}
