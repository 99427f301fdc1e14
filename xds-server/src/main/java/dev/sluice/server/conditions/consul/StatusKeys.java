package dev.sluice.server.conditions.consul;

import dev.sluice.server.conditions.StatusStore;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.server.conditions.WantedStatus;
import dev.sluice.server.conditions.consul.Calls.KeyValue;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import dev.sluice.server.consul.StatusNames;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Statuses beside documents that are values of keys in Consul: a key for each key.
 *
 * <p>All are read when this server begins to write, and every {@link #MENDING} from then on: what
 * somebody else has changed is written anew, and what is the status of nothing is removed.
 */
public final class StatusKeys implements StatusStore {
  /** So often all statuses are read. */
  static final Duration MENDING = Duration.ofMinutes(1);

  private static final String SMALLER =
      "divide its documents among several keys, or raise limits.txn_max_req_len of its agents";

  private final Calls calls;
  private final Transactions transactions;
  private final StatusNames names;
  private final SessionLock lock;

  /** What stands there, as far as is known, by key. */
  private final Map<String, Stored> there = new HashMap<>();

  private final Map<String, TooLarge> tooLarge = new HashMap<>();
  private boolean known;
  private long readAt;

  private record Stored(String text, long index) {
    static Stored of(KeyValue key) {
      return new Stored(key.text(), key.index());
    }
  }

  private record TooLarge(WantedStatus wanted, StoreException why) {}

  /**
   * Statuses that were not looked at yet.
   *
   * @param client reaches Consul
   * @param names where they are
   * @param lock that this server holds while it writes
   */
  public StatusKeys(ConsulClient client, StatusNames names, SessionLock lock) {
    this.calls = new Calls(client);
    this.transactions = new Transactions(calls, client.scope());
    this.names = names;
    this.lock = lock;
  }

  @Override
  public void begin() {
    known = false;
    there.clear();
    tooLarge.clear();
  }

  @Override
  public Set<String> look(Set<String> places, long now) throws StoreException {
    try {
      Set<String> changed = known && now - readAt < MENDING.toNanos() ? Set.of() : readAll(now);
      removeAllBut(places);
      return changed;
    } catch (ConsulException e) {
      throw Failures.of(e);
    }
  }

  private Set<String> readAll(long now) throws ConsulException {
    Map<String, Stored> read = new HashMap<>();
    calls.keysBelow(names.statuses()).forEach(one -> read.put(one.key(), Stored.of(one)));
    Set<String> changed = new HashSet<>();
    there.forEach(
        (key, was) -> {
          if (!was.equals(read.get(key))) {
            changed.add(names.document(key));
          }
        });
    there.clear();
    there.putAll(read);
    tooLarge.clear();
    known = true;
    readAt = now;
    return changed;
  }

  /** Removes statuses of what is not there any more, and nothing that is none. */
  private void removeAllBut(Set<String> places) throws ConsulException {
    for (String key : List.copyOf(there.keySet())) {
      String place = names.document(key);
      if (!places.contains(place)) {
        Stored gone = Objects.requireNonNull(there.remove(key));
        Optional<String> session = lock.session();
        if (session.isPresent() && StatusText.isOf(place, gone.text())) {
          boolean _ = transactions.remove(lock.key(), session.get(), key, gone.index());
        }
      }
    }
  }

  @Override
  public boolean write(WantedStatus wanted) throws StoreException {
    String key = names.status(wanted.place());
    Stored before = there.getOrDefault(key, new Stored("", 0));
    String text = StatusText.of(wanted, before.text(), Instant.now());
    if (text.equals(before.text())) {
      return true;
    }
    TooLarge refused = tooLarge.get(key);
    if (refused != null && refused.wanted().equals(wanted)) {
      throw refused.why();
    }
    try {
      return write(key, before, text);
    } catch (ConsulException e) {
      StoreException failure = Failures.of(e, text, SMALLER);
      if (failure.extent() == Extent.SIZE) {
        tooLarge.put(key, new TooLarge(wanted, failure));
      }
      throw failure;
    }
  }

  private boolean write(String key, Stored before, String text) throws ConsulException {
    Optional<String> session = lock.session();
    OptionalLong index =
        session.isPresent()
            ? transactions.write(lock.key(), session.get(), key, before.index(), text)
            : OptionalLong.empty();
    if (index.isPresent()) {
      there.put(key, new Stored(text, index.getAsLong()));
      return true;
    }
    Optional<KeyValue> now = calls.key(key).stream().findFirst();
    now.ifPresentOrElse(it -> there.put(key, Stored.of(it)), () -> there.remove(key));
    return false;
  }
}
