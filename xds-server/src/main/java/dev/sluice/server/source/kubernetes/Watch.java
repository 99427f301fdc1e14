package dev.sluice.server.source.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One informer, with what is kept of its objects. It tries for ever: what was seen last stays.
 * {@link #check} is of the source's thread alone.
 *
 * @param <T> the objects
 * @param <F> what is kept of each
 */
final class Watch<T extends HasMetadata, F> {
  /** How many objects come in one answer: what is held in memory of a long list at a time. */
  private static final long PAGE = 500;

  /** Within this an API server sends every watch a bookmark (about once a minute). */
  private static final Duration BOOKMARK = Duration.ofSeconds(90);

  /** Between two questions to an API server that does not answer them. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);

  private final Watched<F> kind;
  private final Touched touched;
  private final Function<Throwable, Failure> failures;
  private final FactStore<T, F> store;
  private final FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> objects;
  private final Duration silence;
  private volatile SharedIndexInformer<T> informer;
  private volatile boolean listed;
  private volatile @Nullable Failure failure;
  private @Nullable String heard;
  private long heardAt;
  private long askedAt;
  private volatile boolean asking;
  private volatile @Nullable String newest;

  /** Why the API server does not say whether there is anything to say; null where it does. */
  private volatile @Nullable Failure mute;

  /**
   * A watch that has not begun.
   *
   * @param kind which objects
   * @param objects asks for them
   * @param empty makes an object without contents
   * @param facts what is kept of an object
   * @param touched is told what changes
   * @param failures reads what the client throws
   * @param silence how long a watch may say nothing before the API server is asked whether there is
   *     nothing to say
   */
  Watch(
      Watched<F> kind,
      FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> objects,
      Supplier<T> empty,
      Function<T, F> facts,
      Touched touched,
      Function<Throwable, Failure> failures,
      Duration silence) {
    this.kind = kind;
    this.touched = touched;
    this.failures = failures;
    this.store = new FactStore<>(empty, facts, this::changed);
    this.objects = objects;
    this.silence = silence;
    this.informer = informer();
  }

  /** What comes while nothing is watched comes by a list, and is no word of the object itself. */
  private void changed(String key) {
    if (informer.isWatching()) {
      touched.changed(kind, key);
    } else {
      touched.doubtful(kind, key);
    }
  }

  private SharedIndexInformer<T> informer() {
    return objects
        .withLimit(PAGE)
        .runnableInformer(0)
        .itemStore(store)
        .exceptionHandler(this::goOn)
        .addEventHandler(new Events());
  }

  /** Begins to list and to watch; returns at once. */
  void start() {
    var _ = informer.start();
  }

  @Nullable F facts(String key) {
    return store.facts(key);
  }

  Stream<String> keys() {
    return store.keys();
  }

  boolean isListed() {
    return listed;
  }

  boolean isLive() {
    return informer.isWatching() && mute == null;
  }

  Optional<Failure> failure() {
    Failure now = mute;
    return now == null && informer.isWatching()
        ? Optional.empty()
        : Optional.ofNullable(now == null ? failure : now);
  }

  void close() {
    informer.stop();
  }

  /**
   * Looks whether the watch has silently ended: it says nothing for long, though the API server has
   * newer objects, and no bookmark came that would tell so. Then it is begun anew. Where the API
   * server does not even answer, the watch is not live, however open its connection may be.
   *
   * @param now in the time of {@link System#nanoTime}
   */
  void check(long now) {
    if (informer.isWatching()) {
      failure = null; // Or it would be told as the reason of what fails later.
    }
    String version = informer.lastSyncResourceVersion();
    if (version == null || !version.equals(heard) || !informer.isWatching()) {
      heard = version;
      heardAt = now;
      newest = null;
      mute = null;
      return;
    }
    if (now - heardAt < silence.toNanos()) {
      return;
    }
    String known = newest;
    if (known == null) {
      if (!asking && (mute == null || now - askedAt >= AGAIN.toNanos())) {
        askedAt = now;
        asking = true;
        var _ = Thread.ofVirtual().start(this::askForNewest);
      }
    } else if (now - askedAt >= BOOKMARK.toNanos()) {
      if (isNewer(known, version)) {
        LOG.warn("the watch of {} says nothing of version {}; beginning it anew", kind, known);
        informer.stop();
        informer = informer();
        start();
      }
      heard = null;
    }
  }

  private void askForNewest() {
    try {
      newest = newest();
      mute = null;
    } catch (KubernetesClientException e) {
      mute = failures.apply(e);
    } finally {
      asking = false;
      touched.wake();
    }
  }

  /** Asks for one object; gives why the API server gives none. */
  Optional<Failure> refusal() {
    try {
      var _ = newest();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(failures.apply(e));
    }
  }

  private String newest() {
    return objects
        .list(new ListOptionsBuilder().withLimit(1L).build())
        .getMetadata()
        .getResourceVersion();
  }

  /** Versions are numbers that grow (KEP 5504), but for API servers that have others. */
  private static boolean isNewer(String version, String than) {
    boolean numbers = version.matches("\\d+") && than.matches("\\d+");
    return numbers && new BigInteger(version).compareTo(new BigInteger(than)) > 0;
  }

  private boolean goOn(boolean started, Throwable thrown) {
    Failure now = failures.apply(thrown);
    if (!now.equals(failure)) {
      failure = now;
      touched.wake();
    }
    return true;
  }

  private final class Events implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      // The store has told.
    }

    @Override
    public void onUpdate(T before, T now) {
      // The store has told, if what is kept of it differs.
    }

    /** An object went: by its own event, or by its absence from a new list ({@code unknown}). */
    @Override
    public void onDelete(T object, boolean unknown) {
      String key = FactStore.keyOf(Objects.requireNonNull(object));
      store.gone(key);
      if (unknown) {
        touched.missing(kind, key);
      } else {
        touched.changed(kind, key);
      }
    }

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
      touched.listed(kind); // First: who sees that it is listed has to find all of it.
      listed = true;
      touched.wake();
    }
  }
}
