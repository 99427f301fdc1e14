package dev.sluice.server.conditions.consul;

import dev.sluice.server.conditions.ReplicaBoard;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.consul.Calls.KeyValue;
import dev.sluice.server.consul.ConsulAnswer;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Where the replicas of servers that read from one Consul leave what the one that writes statuses
 * has to know: a key each, which its session holds, so that Consul removes what a dead one left.
 */
public final class ReplicaKeys implements ReplicaBoard {
  /** How long Consul waits for a change. */
  private static final Duration WAIT = Duration.ofSeconds(10);

  /** So long what was heard counts though no answer comes: Consul's servers may be electing. */
  private static final Duration COUNTS = Duration.ofSeconds(15);

  private static final String SMALLER =
      "raise limits.kv_max_value_size of its agents; until then nothing is said to be programmed";

  private final ConsulClient client;
  private final Calls calls;
  private final String prefix;
  private final String identity;
  private final SessionLock lock;
  private Optional<String> leftBy = Optional.empty();
  private boolean open;
  private @Nullable CompletableFuture<ConsulAnswer> flight;
  private @Nullable Heard heard;

  /**
   * What was heard last.
   *
   * @param index from which to go on; 0 to be told at once
   * @param at in the time of {@link System#nanoTime}
   */
  private record Heard(Map<String, String> others, long index, long at) {}

  /**
   * A board that is not read yet.
   *
   * @param client reaches Consul
   * @param prefix what the keys begin with
   * @param identity who this replica is; unique among them
   * @param lock whose session holds this replica's key
   */
  public ReplicaKeys(ConsulClient client, String prefix, String identity, SessionLock lock) {
    this.client = client;
    this.calls = new Calls(client);
    this.prefix = prefix;
    this.identity = identity;
    this.lock = lock;
  }

  @Override
  public void leave(String report) throws StoreException {
    try {
      String session = lock.session().orElseThrow(() -> without("there is no session by now"));
      String path = ConsulClient.ofKey(prefix + identity);
      if (!calls.put(path, Map.of("acquire", session), report).strip().equals("true")) {
        throw without("another session holds " + prefix + identity);
      }
      leftBy = Optional.of(session);
    } catch (ConsulException e) {
      boolean ended = e.getMessage().contains("invalid session");
      throw Failures.of(ended ? without("the session has ended") : e, report, SMALLER);
    }
  }

  private static ConsulException without(String why) {
    return new ConsulException(0, why + "; trying again");
  }

  @Override
  public boolean isLeft() {
    return leftBy.isPresent() && leftBy.equals(lock.session());
  }

  @Override
  public void withdraw() throws StoreException {
    if (leftBy.isPresent()) {
      remove(identity);
      leftBy = Optional.empty();
    }
  }

  @Override
  public void remove(String replica) throws StoreException {
    try {
      calls.delete(prefix + replica);
    } catch (ConsulException e) {
      throw Failures.of(e);
    }
  }

  @Override
  public void open() {
    open = true;
    take();
  }

  @Override
  public void shut() {
    open = false;
    heard = null;
    if (flight != null) {
      flight.cancel(true);
      flight = null;
    }
  }

  /** Takes the answer that has come, if one has, and has Consul wait for the next change. */
  private void take() {
    Heard before = heard;
    if (flight != null && flight.isDone()) {
      try {
        ConsulAnswer answer = flight.join();
        heard = new Heard(others(calls.keys(answer.body())), answer.index(), System.nanoTime());
      } catch (CompletionException | ConsulException _) {
        // Whoever renews the session tells what fails; after it an answer is wanted at once.
        heard = before == null ? null : new Heard(before.others(), 0, before.at());
      }
      flight = null;
    }
    if (open && flight == null) {
      flight = client.get(Calls.below(prefix), heard == null ? 0 : heard.index(), WAIT);
    }
  }

  private Map<String, String> others(List<KeyValue> keys) {
    Map<String, String> others = new HashMap<>();
    keys.forEach(one -> others.put(one.key().substring(prefix.length()), one.text()));
    others.remove(identity);
    return others;
  }

  @Override
  public boolean isListed() {
    take();
    long longest = COUNTS.plus(WAIT).toNanos();
    return heard != null && System.nanoTime() - heard.at() < longest;
  }

  @Override
  public Map<String, String> others() {
    return heard == null ? Map.of() : heard.others();
  }

  /** From then on these are those that were heard. */
  @Override
  public Map<String, String> ask() throws StoreException {
    try {
      Map<String, String> asked = others(calls.keysBelow(prefix));
      heard = new Heard(asked, 0, System.nanoTime());
      return asked;
    } catch (ConsulException e) {
      throw Failures.of(e);
    }
  }

  @Override
  public String toString() {
    return "keys " + prefix + "*";
  }
}
