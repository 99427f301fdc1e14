package dev.sluice.server.rollout;

import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.spec.DocumentKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store, with whether this server goes by what it wrote there itself; of one thread at a time.
 */
final class Home {
  /** Between two readings by one that leads already. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Home.class);

  private final RolloutStore store;
  private boolean leads;
  private boolean doubted;
  private long readAt;
  private String failure = "";

  Home(RolloutStore store) {
    this.store = store;
  }

  RolloutStore store() {
    return store;
  }

  /**
   * What is kept.
   *
   * @param isNewest whether it was just read, so that nothing newer can be known
   */
  record Kept(SortedMap<DocumentKey, RolloutState> states, boolean isNewest) {}

  /**
   * What is kept, as far as is known; who leads from now on reads it first, and so does whoever
   * doubts what he knows.
   *
   * @param now in the time of {@link System#nanoTime}
   */
  Optional<Kept> look(long now) {
    boolean isLeader = store.isLeader();
    leads = leads && isLeader;
    if (!doubted && leads == isLeader) {
      return store.known().map(states -> new Kept(states, false));
    }
    try {
      SortedMap<DocumentKey, RolloutState> read = store.read();
      leads = isLeader;
      doubted = false;
      readAt = now;
      failure = "";
      return Optional.of(new Kept(read, true));
    } catch (IOException e) {
      leads = false;
      doubted = isLeader;
      readAt = now;
      String why = Objects.requireNonNullElse(e.getMessage(), e.toString());
      if (!why.equals(failure)) {
        LOG.error("rollouts do not go on before it is read how they stand: {}", why);
      }
      failure = why;
      return isLeader ? Optional.empty() : store.known().map(states -> new Kept(states, false));
    }
  }

  /** Whether this server carries out what is kept here, and knows all of it. */
  boolean leads() {
    return leads && !doubted && store.isLeader();
  }

  /** Something else is kept than was thought: it is read before anything goes on. */
  void doubt() {
    doubted = true;
  }

  /** Where nobody answers at all, nothing else is asked of it before it has been read again. */
  void failed(IOException why) {
    doubted |= why.getCause() instanceof StoreException cause && cause.extent() == Extent.ALL;
  }

  /** The same, of what was only watched, which may be late: not all the time. */
  void doubtAtTimes(long now) {
    doubted = doubted || now - readAt >= AGAIN.toNanos();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
