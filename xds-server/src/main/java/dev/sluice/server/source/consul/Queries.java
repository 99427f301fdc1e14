package dev.sluice.server.source.consul;

import dev.sluice.server.consul.ConsulAnswer;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import dev.sluice.server.source.consul.Arrivals.Arrival;
import dev.sluice.server.source.consul.Subject.Leader;
import dev.sluice.server.source.consul.Subject.OfService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks Consul about many subjects over a bounded number of connections; of the source's thread.
 *
 * <p>Where all services fit, each has a blocking query of its own, and a change is told at once.
 * Where they do not, they take turns: each waits for a share of {@link #ROUND}, and those of which
 * a change is known otherwise go first ({@link #look}).
 */
final class Queries {
  /** How long a query waits, at most, that need not make room for others. */
  static final Duration WAIT = Duration.ofMinutes(1);

  /** In what time every service has its turn, where they do not all fit. */
  static final Duration ROUND = Duration.ofSeconds(10);

  /** Whether Consul is there is asked so often. */
  static final Duration PROBE = Duration.ofSeconds(2);

  private static final Duration PROBE_LIMIT = Duration.ofSeconds(3);

  /** Of the slots one of so many is kept for services that have changed. */
  private static final int KEPT = 10;

  private static final Duration SHORTEST = Duration.ofMillis(100);

  private final ConsulClient client;
  private final Arrivals arrivals;
  private final int slots;
  private final RandomGenerator random;
  private final Map<Subject, Query> queries = new LinkedHashMap<>();
  private final Deque<Subject> turns = new ArrayDeque<>();
  private final Deque<Subject> urgent = new ArrayDeque<>();
  private final Set<Subject> urgently = new HashSet<>();
  private int services;
  private int flyingServices;

  /**
   * No queries yet.
   *
   * @param slots how many services may be asked about at the same time
   */
  Queries(ConsulClient client, Arrivals arrivals, int slots, RandomGenerator random) {
    this.client = client;
    this.arrivals = arrivals;
    this.slots = slots;
    this.random = random;
  }

  /** From now on these are asked about, and no others. */
  void want(Collection<? extends Subject> subjects, long now) {
    Set<Subject> wanted = new HashSet<>(subjects);
    List<Subject> gone =
        queries.keySet().stream().filter(subject -> !wanted.contains(subject)).toList();
    for (Subject subject : gone) {
      Query query = queries.remove(subject);
      if (query != null) {
        landed(query);
        query.cancel();
      }
      turns.remove(subject);
    }
    List<OfService> fresh = new ArrayList<>();
    for (Subject subject : subjects) {
      if (!queries.containsKey(subject)) {
        queries.put(subject, new Query(subject, random, now));
        turns.addFirst(subject);
        if (subject instanceof OfService service) {
          fresh.add(service);
        }
      }
    }
    boolean fitted = !takeTurns();
    services = (int) queries.keySet().stream().filter(OfService.class::isInstance).count();
    if (takeTurns()) {
      if (fitted) {
        makeRoom(fresh.size(), now);
      }
      if (fresh.size() <= slots) { // Else it is the start, where no one comes before the others.
        fresh.forEach(this::look);
      }
    }
  }

  /**
   * Those that fitted wait for long, in slots that others now have a share of: as many end as the
   * others need. Not more: what was given up may count at Consul until its wait ends.
   */
  private void makeRoom(int others, long now) {
    int most = Math.max(0, slotsForTurns() - others);
    for (Query query : queries.values()) {
      if (flyingServices > most && query.isFlying() && query.subject() instanceof OfService) {
        landed(query);
        query.interrupt(now);
        turns.addLast(query.subject());
      }
    }
  }

  /** Whether services take turns, so that changes have to be known otherwise. */
  boolean takeTurns() {
    return services > slots;
  }

  /** Has a service asked about before the others. */
  void look(OfService service) {
    if (queries.containsKey(service) && urgently.add(service)) {
      urgent.addLast(service);
    }
  }

  /** Asks what is due; gives when the next one is. */
  long start(long now) {
    long next = now + WAIT.toNanos();
    for (int left = urgent.size(); left > 0 && flyingServices < slots; left--) {
      Subject subject = urgent.removeFirst();
      Query query = queries.get(subject);
      if (query != null && query.isFlying()) {
        urgent.addLast(subject); // The answer that is on its way may be older than the change.
      } else {
        urgently.remove(subject);
        if (query != null && turns.remove(subject)) {
          ask(query);
        }
      }
    }
    for (int left = turns.size(); left > 0; left--) {
      Subject subject = turns.removeFirst();
      Query query = queries.get(subject);
      if (query == null) {
        continue;
      }
      boolean full = subject instanceof OfService && flyingServices >= slotsForTurns();
      if (!full && query.due() - now <= 0) {
        ask(query);
      } else {
        turns.addLast(subject);
        next = full ? next : Math.min(next, query.due());
      }
    }
    return next;
  }

  /** Where services take turns, some slots are left for those that have changed. */
  private int slotsForTurns() {
    return takeTurns() ? Math.max(1, slots - slots / KEPT) : slots;
  }

  private void ask(Query query) {
    Subject subject = query.subject();
    long turn = query.begin();
    if (subject instanceof OfService) {
      flyingServices++;
    }
    CompletableFuture<ConsulAnswer> request =
        subject instanceof Leader
            ? client.get(subject.path(), PROBE_LIMIT)
            : client.get(subject.path(), query.awaited().value(), wait(subject));
    var _ =
        request.whenComplete(
            (answer, thrown) -> arrivals.put(arrival(subject, turn, answer, thrown)));
    query.flying(request);
  }

  private Duration wait(Subject subject) {
    if (!(subject instanceof OfService) || !takeTurns()) {
      // They all began at once, and are not to end so.
      return WAIT.dividedBy(2).plusNanos(random.nextLong(WAIT.toNanos() / 2));
    }
    Duration share = ROUND.multipliedBy(slots).dividedBy(services);
    if (share.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    // Between three and five quarters: those that began together are not to end so.
    return share.multipliedBy(3).dividedBy(4).plusNanos(random.nextLong(share.toNanos() / 2));
  }

  private static Arrival arrival(
      Subject subject, long turn, @Nullable ConsulAnswer answer, @Nullable Throwable thrown) {
    if (answer != null) {
      return new Arrival.Answered(subject, turn, answer);
    }
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return new Arrival.Failed(
        subject,
        turn,
        cause instanceof ConsulException failure
            ? failure
            : new ConsulException(0, "it failed: " + cause));
  }

  /** The query that an arrival is for; null where it is not waited for any more. */
  @Nullable Query arrived(Subject subject, long turn) {
    Query query = queries.get(subject);
    return query == null || query.turn() != turn || !query.isFlying() ? null : query;
  }

  /** The query was answered; it takes its next turn when its pace lets it. */
  void answered(Query query, ConsulAnswer answer, long now) {
    landed(query);
    query.answered(answer.index(), answer.filtered(), now);
    if (query.subject() instanceof Leader) {
      query.notBefore(now + PROBE.toNanos());
    }
    turns.addLast(query.subject());
  }

  /** The query failed; it is asked again after a while. */
  void failed(Query query, ConsulException why, long now) {
    landed(query);
    query.failed(why, now);
    if (query.subject() instanceof Leader) {
      query.notAfter(now + PROBE.toNanos()); // Its return is what all wait for.
    }
    turns.addLast(query.subject());
  }

  private void landed(Query query) {
    if (query.isFlying() && query.subject() instanceof OfService) {
      flyingServices--;
    }
  }

  /** Asks everything anew: what hangs may hang on a connection that leads nowhere any more. */
  void restart(long now) {
    for (Query query : queries.values()) {
      if (query.isFlying()) {
        landed(query);
        turns.addLast(query.subject());
      }
      query.restart(now);
    }
  }

  /** The queries whose last answer is missing, in a steady order; what all fail by comes first. */
  List<Query> failing() {
    return queries.values().stream()
        .filter(query -> query.failure().isPresent())
        .sorted(
            Comparator.comparing((Query query) -> !(query.subject() instanceof Leader))
                .thenComparing(query -> query.subject().path()))
        .toList();
  }

  /** Whether it was answered once. */
  boolean isAnswered(Subject subject) {
    Query query = queries.get(subject);
    return query != null && query.isAnswered();
  }

  /** The names of the services that were not answered yet. */
  List<String> unanswered() {
    return queries.values().stream()
        .filter(query -> !query.isAnswered())
        .flatMap(
            query ->
                query.subject() instanceof OfService(String name)
                    ? Stream.of(name)
                    : Stream.empty())
        .toList();
  }

  /** Whether all of these were answered once. */
  boolean areAnswered() {
    return queries.values().stream().allMatch(Query::isAnswered);
  }

  /** How many services are asked about. */
  int services() {
    return services;
  }

  /** Ends all. */
  void close() {
    queries.values().forEach(Query::cancel);
  }
}
