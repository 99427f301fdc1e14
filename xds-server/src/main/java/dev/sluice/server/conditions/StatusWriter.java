package dev.sluice.server.conditions;

import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes beside a source's documents what became of them: where it differs from what was written,
 * at most once a second each, and only while this server leads. While another one does, it leaves
 * for that one how its own proxies are with them.
 *
 * <p>One thread, named {@code conditions-…}, does everything.
 */
public final class StatusWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final long PERIOD_SECONDS = 1;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final String where;
  private final Standings standings;
  private final Leadership leadership;
  private final ReplicaBoard board;
  private final StatusStore store;
  private final RolloutTalk talk;
  private final Runnable disconnect;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private @Nullable Leading leading;
  private @Nullable Following following;
  private boolean seeking;
  private String failure = "";

  /**
   * A writer that does not run yet.
   *
   * @param where how the cluster or data centre is called
   * @param standings how the documents stand
   * @param leadership whether it may write
   * @param board where the replicas that may not leave what the one that may has to know
   * @param store where it writes
   * @param talk what is said of rollouts
   * @param disconnect ends the connections of these three; whatever waits for an answer fails
   */
  public StatusWriter(
      String where,
      Standings standings,
      Leadership leadership,
      ReplicaBoard board,
      StatusStore store,
      RolloutTalk talk,
      Runnable disconnect) {
    this.where = where;
    this.standings = standings;
    this.leadership = leadership;
    this.board = board;
    this.store = store;
    this.talk = talk;
    this.disconnect = disconnect;
    this.thread = Thread.ofPlatform().name("conditions-" + where).daemon().unstarted(this::run);
  }

  /** Starts to write. Leadership is sought once there is something to say. */
  public void start() {
    thread.start();
  }

  /** Ends it, and gives leadership back; also where it was never started. */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (thread.isAlive() && !thread.join(CLOSE_WAIT)) {
        LOG.warn("{} does not answer; what this server leads by may not be given back", where);
        disconnect.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leadership.close();
    disconnect.run();
  }

  private void run() {
    try {
      while (!closed.await(PERIOD_SECONDS, TimeUnit.SECONDS)) {
        try {
          tell(look(System.nanoTime()));
        } catch (RuntimeException e) {
          LOG.error("statuses cannot be written to {}; trying again", where, e);
        }
      }
      lead(false, System.nanoTime());
      follow(false, System.nanoTime());
    } catch (InterruptedException e) {
      LOG.error("no statuses are written to {} any more", where, e);
    }
  }

  private String look(long now) {
    if (!standings.isSynced()) {
      return "";
    }
    if (!seeking) {
      seeking = true;
      leadership.start();
    }
    Leading leads = lead(leadership.isLeader(), now);
    Following follows = follow(leads == null && leadership.isFollower(), now);
    if (leads == null && follows == null) {
      return "";
    }
    SortedMap<String, PlaceStanding> own = standings.current(now);
    if (follows != null) {
      return follows.leave(own, now);
    }
    return leads == null ? "" : leads.write(own, this::mayWrite, now);
  }

  private boolean mayWrite() {
    return closed.getCount() > 0 && leadership.isLeader();
  }

  private @Nullable Leading lead(boolean leads, long now) {
    if (leads && leading == null) {
      leading = new Leading(store, board, talk, now);
    } else if (!leads && leading != null) {
      leading.close();
      leading = null;
    }
    return leading;
  }

  private @Nullable Following follow(boolean follows, long now) {
    if (follows && following == null) {
      following = new Following(board, talk, now);
    } else if (!follows && following != null) {
      following.close();
      following = null;
    }
    return following;
  }

  private void tell(String now) {
    if (!now.equals(failure) && !now.isEmpty()) {
      LOG.error("a status cannot be written to {}, trying again: {}", where, now);
    }
    failure = now;
  }
}
