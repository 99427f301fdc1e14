package dev.sluice.server.conditions.consul;

import dev.sluice.server.conditions.Leadership;
import dev.sluice.server.conditions.consul.Calls.KeyValue;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key that the session of one replica holds, which is the one that leads; and that session, which
 * Consul ends when it is not renewed, together with all keys that it holds.
 *
 * <p>One thread, named {@code leadership}, renews; any may ask.
 */
public final class SessionLock implements Leadership {
  /**
   * So long after it was seen to hold the lock a replica leads: a request may yet be on its way.
   */
  static final Duration LEADS = Sessions.TTL.minus(Calls.REQUEST);

  private static final Duration ROUND = Duration.ofSeconds(2);

  /** What cannot be had is asked for more and more slowly, up to this. */
  private static final int SLOWEST_ROUNDS = 8;

  private static final Duration CLOSE_WAIT = Calls.REQUEST.plusSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(SessionLock.class);

  private final Calls calls;
  private final Sessions sessions;
  private final String key;
  private final String identity;
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("leadership").daemon().factory());
  private volatile Seen seen = Seen.NOTHING;
  private volatile boolean closed;
  private String failure = "";
  private int failures;

  /**
   * What the last round showed.
   *
   * @param session this replica's; empty for none
   * @param holder the session that holds the lock; empty for none
   * @param at when the round began, in the time of {@link System#nanoTime}
   */
  private record Seen(String session, String holder, long at) {
    static final Seen NOTHING = new Seen("", "", 0);

    Seen {
      Objects.requireNonNull(session);
      Objects.requireNonNull(holder);
    }

    boolean isFresh(long now) {
      return !session.isEmpty() && !holder.isEmpty() && now - at < LEADS.toNanos();
    }

    boolean isOurs() {
      return !session.isEmpty() && holder.equals(session);
    }
  }

  /**
   * A lock that is not sought yet.
   *
   * @param client reaches Consul
   * @param key that is held
   * @param identity who this server is; unique among the replicas
   */
  public SessionLock(ConsulClient client, String key, String identity) {
    this.calls = new Calls(client);
    this.sessions = new Sessions(calls, "sluice " + identity);
    this.key = key;
    this.identity = identity;
  }

  @Override
  public void start() {
    var _ = rounds.schedule(this::again, 0, TimeUnit.NANOSECONDS);
  }

  private void again() {
    try {
      round(System.nanoTime());
      failure = "";
      failures = 0;
    } catch (ConsulException e) {
      failures++;
      if (!closed) {
        tell(e.getMessage());
      }
    } catch (RuntimeException e) {
      LOG.error("the {} cannot be looked at; trying again", this, e);
    }
    if (!closed) {
      boolean lost = !seen.isFresh(System.nanoTime());
      int times = lost ? Math.min(SLOWEST_ROUNDS, 1 << Math.min(failures, SLOWEST_ROUNDS)) : 1;
      var _ = rounds.schedule(this::again, ROUND.toNanos() * times, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Renews the session, makes one where there is none any more, and takes the lock if it is free.
   *
   * @param now in the time of {@link System#nanoTime}
   * @throws ConsulException where something of it could not be; what was seen before stays
   */
  void round(long now) throws ConsulException {
    Seen before = seen;
    String session = before.session();
    if (session.isEmpty() || !sessions.renew(session)) {
      seen = Seen.NOTHING;
      session = sessions.create();
      seen = new Seen(session, "", now);
    }
    Optional<KeyValue> lock =
        calls.key(key).stream().filter(it -> !it.holder().isEmpty()).findFirst();
    String holder = lock.map(KeyValue::holder).orElse("");
    if (holder.isEmpty() && acquire(session)) {
      holder = session;
    }
    seen = new Seen(session, holder, now);
    if (seen.isOurs() != before.isOurs()) {
      LOG.info("{} {} by the {}", identity, seen.isOurs() ? "leads" : "leads no more", this);
    }
    if (!seen.isOurs() && !holder.isEmpty() && !holder.equals(before.holder())) {
      LOG.info("another one leads by the {}: {}", this, lock.map(KeyValue::text).orElse(""));
    }
  }

  private boolean acquire(String session) throws ConsulException {
    String taken = calls.put(ConsulClient.ofKey(key), Map.of("acquire", session), identity);
    return taken.strip().equals("true");
  }

  private void tell(String now) {
    if (!now.equals(failure)) {
      LOG.error("the {} cannot be had, so this server writes no statuses: {}", this, now);
    }
    failure = now;
  }

  /**
   * Whether this server's session holds the lock. It does so for less than {@link Sessions#TTL}
   * after it was seen last, so that a server which was stopped for a while knows that it does not.
   */
  @Override
  public boolean isLeader() {
    return isLeader(System.nanoTime());
  }

  boolean isLeader(long now) {
    Seen last = seen;
    return last.isOurs() && last.isFresh(now);
  }

  @Override
  public boolean isFollower() {
    return isFollower(System.nanoTime());
  }

  boolean isFollower(long now) {
    Seen last = seen;
    return !last.isOurs() && last.isFresh(now);
  }

  /** This replica's session, as far as is known; empty where it has none. */
  Optional<String> session() {
    return Optional.of(seen.session()).filter(it -> !it.isEmpty());
  }

  /** The key that is held. */
  String key() {
    return key;
  }

  /** Ends the session, with which the lock goes. */
  @Override
  public void close() {
    closed = true;
    rounds.shutdownNow();
    try {
      if (!rounds.awaitTermination(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        return; // It does not answer, and will end the session by itself.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    String session = seen.session();
    seen = Seen.NOTHING;
    if (!session.isEmpty()) {
      try {
        sessions.destroy(session);
      } catch (ConsulException e) {
        LOG.debug("the {} goes when the session is not renewed", this, e);
      }
    }
  }

  @Override
  public String toString() {
    return "lock " + key;
  }
}
