package dev.sluice.server.rollout.analysis;

import dev.sluice.spec.Analysis;
import dev.sluice.spec.DocumentKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The analyses of all rollouts. Nothing is measured but what somebody keeps looking at: a step's
 * measuring begins when it is first looked at, and goes on for as long as it is. Any thread may
 * call it, and one thing is done at a time; who is asked answers on other threads.
 */
public final class Analyses implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final Web web;
  private final SortedMap<DocumentKey, Measuring> byPolicy = new TreeMap<>();

  public Analyses(InstantSource clock) {
    this(clock, LIMIT);
  }

  /**
   * @param limit for an answer of Prometheus
   */
  Analyses(InstantSource clock, Duration limit) {
    this.clock = clock;
    this.web = new Web(limit);
  }

  /**
   * What is measured of a step that is held; never waits for an answer. It begins anew for another
   * step, for an edited section, and after a resume.
   */
  public synchronized Measured look(DocumentKey policy, Held held, Analysis analysis) {
    @Nullable Measuring before = byPolicy.get(policy);
    if (before != null && before.isOf(held, analysis)) {
      return before.look(held);
    }
    if (before != null) {
      before.end();
    }
    Measuring begun =
        new Measuring(
            policy.toString(), held, analysis, it -> Checks.of(policy, it, analysis, web), clock);
    byPolicy.put(policy, begun);
    return begun.look(held);
  }

  /** Nothing is measured for a policy for now: whatever is looked at next begins anew. */
  public synchronized void rest(DocumentKey policy) {
    @Nullable Measuring measuring = byPolicy.get(policy);
    if (measuring != null) {
      measuring.end();
    }
  }

  /** What was last measured for a policy; empty where nothing was. */
  public synchronized List<Reading> readings(DocumentKey policy) {
    @Nullable Measuring measuring = byPolicy.get(policy);
    return measuring == null ? List.of() : measuring.readings();
  }

  /** Forgets what was measured for a policy, and gives up what is under way. */
  public synchronized void forget(DocumentKey policy) {
    @Nullable Measuring measuring = byPolicy.remove(policy);
    if (measuring != null) {
      measuring.end();
    }
  }

  @Override
  public synchronized void close() {
    byPolicy.values().forEach(Measuring::end);
    byPolicy.clear();
    web.close();
  }
}
