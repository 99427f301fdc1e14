package dev.sluice.server.conditions.consul;

import dev.sluice.server.conditions.KeptTexts;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.server.conditions.consul.Calls.KeyValue;
import dev.sluice.server.consul.ConsulAnswer;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How rollouts stand whose policies are in Consul: a key for each, {@code PREFIX/NAMESPACE/NAME},
 * which the leader writes by a transaction that holds only with its lock.
 */
public final class RolloutKeys implements KeptTexts, AutoCloseable {
  /** How long Consul waits for a change. */
  private static final Duration WAIT = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ConsulClient client;
  private final Calls calls;
  private final Transactions transactions;
  private final String prefix;
  private final SessionLock lock;
  private @Nullable CompletableFuture<ConsulAnswer> flight;
  private Optional<SortedMap<DocumentKey, String>> known = Optional.empty();
  private Optional<String> trouble = Optional.empty();
  private long index;
  private long failedAt;

  /**
   * Keys that were not read yet.
   *
   * @param client reaches Consul
   * @param prefix what the keys begin with; ends with a slash
   * @param lock that the leader holds
   */
  public RolloutKeys(ConsulClient client, String prefix, SessionLock lock) {
    this.client = client;
    this.calls = new Calls(client);
    this.transactions = new Transactions(calls, client.scope());
    this.prefix = prefix;
    this.lock = lock;
  }

  @Override
  public synchronized Optional<SortedMap<DocumentKey, String>> known() {
    if (flight != null && flight.isDone()) {
      take(flight);
      flight = null;
    }
    boolean mayAsk = trouble.isEmpty() || System.nanoTime() - failedAt >= PAUSE.toNanos();
    if (flight == null && mayAsk) {
      flight = client.get(Calls.below(prefix), index, WAIT);
    }
    return known;
  }

  private void take(CompletableFuture<ConsulAnswer> answered) {
    try {
      ConsulAnswer answer = answered.join();
      known = Optional.of(texts(calls.keys(answer.body())));
      // One that began anew counts from one again.
      index = answer.index() < index ? 0 : answer.index();
      trouble = Optional.empty();
    } catch (CompletionException | ConsulException e) {
      Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      trouble = Optional.of(String.valueOf(cause.getMessage()));
      index = 0;
      failedAt = System.nanoTime();
    }
  }

  private SortedMap<DocumentKey, String> texts(List<KeyValue> keys) {
    SortedMap<DocumentKey, String> texts = new TreeMap<>();
    for (KeyValue one : keys) {
      String[] parts = one.key().substring(prefix.length()).split("/", -1);
      if (parts.length == 2 && !parts[1].isEmpty()) {
        texts.put(new DocumentKey(Kind.TRAFFIC_POLICY, parts[0], parts[1]), one.text());
      }
    }
    return texts;
  }

  @Override
  public synchronized Optional<String> trouble() {
    return trouble;
  }

  @Override
  public SortedMap<DocumentKey, String> read() throws StoreException {
    try {
      return texts(calls.latestBelow(prefix));
    } catch (ConsulException e) {
      throw Failures.of(e);
    }
  }

  @Override
  public boolean write(DocumentKey policy, Predicate<String> isExpected, String text, Writer writer)
      throws StoreException {
    String key = prefix + policy.namespace() + "/" + policy.name();
    try {
      Optional<KeyValue> stands = calls.latest(key).stream().findFirst();
      if (!isExpected.test(stands.map(KeyValue::text).orElse(""))) {
        return false;
      }
      long edition = stands.map(KeyValue::index).orElse(0L);
      if (text.isEmpty() && stands.isEmpty()) {
        return true;
      }
      return switch (writer) {
        case ANY -> transactions.change(Optional.empty(), key, edition, text);
        case LEADER -> {
          Optional<String> session = lock.session();
          if (session.isEmpty()) {
            throw new StoreException(
                Extent.ALL,
                "there is no session by now; trying again",
                new IllegalStateException("no session"));
          }
          yield transactions.change(
              Optional.of(new Transactions.Held(lock.key(), session.get())), key, edition, text);
        }
      };
    } catch (ConsulException e) {
      throw Failures.of(e);
    }
  }

  @Override
  public synchronized void close() {
    if (flight != null) {
      flight.cancel(true);
    }
  }

  @Override
  public String toString() {
    return "keys " + prefix + "*";
  }
}
