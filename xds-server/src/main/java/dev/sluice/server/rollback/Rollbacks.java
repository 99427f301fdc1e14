package dev.sluice.server.rollback;

import dev.sluice.catalog.ServiceId;
import dev.sluice.server.diff.Difference;
import dev.sluice.server.history.History;
import dev.sluice.server.history.Past;
import dev.sluice.server.overrides.IoWords;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.overrides.ServiceNames;
import dev.sluice.server.pipeline.Pin;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.status.Acknowledged;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.DocumentKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the policies of an earlier revision hold, for {@code sluice rollback}, until it is lifted or
 * ends by itself. Any thread may call it; one change at a time.
 */
public final class Rollbacks {
  private static final Logger LOG = LoggerFactory.getLogger(Rollbacks.class);
  private static final long DONE_SECONDS = 20;
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  /** Whether anybody may pin or lift by it. */
  public enum Writing {
    ON,
    OFF
  }

  private final RollbackFacts facts;
  private final Writing writing;
  private final InstantSource clock;
  private final @Nullable PinFile file;

  /** One thread, that there is while there is something to do: what ended is forgotten in turn. */
  private final Executor disk =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("rollback-file").daemon().factory());

  private Rollbacks(
      RollbackFacts facts, Writing writing, InstantSource clock, @Nullable PinFile file) {
    this.facts = facts;
    this.writing = writing;
    this.clock = clock;
    this.file = file;
  }

  /** Rollbacks that end with the process. */
  public static Rollbacks inMemory(RollbackFacts facts, Writing writing, InstantSource clock) {
    return new Rollbacks(facts, writing, clock, null);
  }

  /** Rollbacks that are kept in a directory that is there. */
  public static Rollbacks in(
      Path directory,
      DocumentReader reader,
      RollbackFacts facts,
      Writing writing,
      InstantSource clock) {
    return new Rollbacks(facts, writing, clock, new PinFile(directory, reader));
  }

  /** Pins what was pinned when an earlier process ended; before the pipeline is told anything. */
  public void resume() {
    Optional<Pin> pin = file == null ? Optional.empty() : file.read();
    if (pin.isEmpty()) {
      return;
    }
    if (!pin.get().until().isAfter(clock.instant())) {
      LOG.info("the rollback to {} has ended meanwhile", pin.get());
      forget(pin.get());
      return;
    }
    LOG.warn("the rollback to {} by {} goes on", pin.get(), pin.get().by());
    if (writing == Writing.OFF) {
      LOG.warn(
          "no command lifts it, since admin.writes is false; it ends by itself, or by a restart"
              + " without {}",
          file);
    }
    facts.pipeline().pin(pin, reason(pin.get(), "goes on"));
    facts.later().at(pin.get().until(), () -> end(pin.get()));
  }

  /** How it stands. */
  public PinStanding standing() {
    Pipeline pipeline = facts.pipeline();
    return new PinStanding(pipeline.pin(), pipeline.heldBack());
  }

  /** Every proxy, and whether it has the newest, pinned or lifted. */
  public List<Acknowledged> proxies() {
    return Acknowledged.ofAll(facts.proxies().get(), facts.snapshots());
  }

  /**
   * What it would change.
   *
   * @throws RefusedException when there is no such revision, or no such service
   */
  public Difference tried(RollbackRequest request) {
    Pin pin = pin(request);
    return facts.diffs().of(List.of(), moment -> moment.preview(Optional.of(pin)));
  }

  /** What lifting it would change. */
  public Difference triedLift() {
    return facts.diffs().of(List.of(), moment -> moment.preview(Optional.empty()));
  }

  /**
   * Has the revision's policies hold, also in place of what was pinned before.
   *
   * @return what is pinned: it is in the newest snapshots
   * @throws RefusedException when it does not
   */
  public synchronized Pin roll(RollbackRequest request) {
    refuseWriting();
    if (!facts.pipeline().isSynced()) {
      throw new RefusedException(
          Why.UNAVAILABLE, "not every source has synced; see /readyz, and try again");
    }
    Pin pin = pin(request);
    keep(pin);
    return onWriter(() -> pinned(pin, request.from()));
  }

  /** On the writer's thread, also when nobody waits for it any more: what is out is out. */
  private CompletableFuture<Pin> pinned(Pin pin, String from) {
    Optional<Pin> before = facts.pipeline().pin();
    try {
      facts.pipeline().pin(Optional.of(pin), reason(pin, "pinned"));
    } catch (RuntimeException e) {
      return CompletableFuture.runAsync(() -> putBack(pin, before), disk)
          .thenCompose(_ -> CompletableFuture.failedFuture(e));
    }
    facts.later().at(pin.until(), () -> end(pin));
    LOG.warn(
        "{} rolled back to {} ({}){}{}",
        from,
        pin,
        pin.by(),
        pin.services().isEmpty() ? "" : " of " + pin.services(),
        pin.reason().isEmpty() ? "" : ": " + pin.reason());
    return CompletableFuture.completedFuture(pin);
  }

  /**
   * Has what is told hold again.
   *
   * @return what was pinned; empty where nothing was
   * @throws RefusedException when it stays
   */
  public synchronized Optional<Pin> lift(String from) {
    refuseWriting();
    return onWriter(() -> lifted(from));
  }

  private CompletableFuture<Optional<Pin>> lifted(String from) {
    Optional<Pin> pin = facts.pipeline().pin();
    if (pin.isEmpty()) {
      return CompletableFuture.completedFuture(pin);
    }
    facts.pipeline().pin(Optional.empty(), reason(pin.get(), "lifted"));
    LOG.info("{} lifted the rollback to {}", from, pin.get());
    return CompletableFuture.runAsync(() -> forget(pin.get()), disk).thenApply(_ -> pin);
  }

  private void refuseWriting() {
    if (writing == Writing.OFF) {
      throw new RefusedException(
          Why.FORBIDDEN,
          "this server changes nothing by command (admin.writes: false in its configuration); write"
              + " the documents of then where they are kept");
    }
  }

  private Pin pin(RollbackRequest request) {
    Duration length = request.expiresIn();
    if (length.compareTo(Duration.ofSeconds(1)) < 0
        || length.compareTo(RollbackRequest.LONGEST) > 0) {
      throw new RefusedException(
          Why.WRONG,
          "expiresIn is not within 1s..%dh".formatted(RollbackRequest.LONGEST.toHours()));
    }
    History history = facts.history();
    Past past =
        history
            .at(request.revision())
            .orElseThrow(
                () ->
                    new RefusedException(
                        Why.UNKNOWN,
                        "revision %d is not remembered; 'sluice history' shows those that are, the newest is %d"
                            .formatted(request.revision(), history.last())));
    List<DocumentKey> unreadable =
        past.unreadable().stream().filter(key -> Pin.isPinned(key.kind())).toList();
    if (!unreadable.isEmpty()) {
      throw new RefusedException(
          Why.CONFLICT,
          "of revision %d this version cannot read %s, so what was in force is not known; choose a newer revision, or write the documents of then where they are kept"
              .formatted(request.revision(), unreadable));
    }
    SortedSet<ServiceId> services = services(request, past);
    Instant now = clock.instant();
    return new Pin(
        request.revision(),
        past.documents(),
        past.unreadable(),
        services,
        now,
        now.plus(length),
        request.by(),
        request.reason());
  }

  /** Known are those that there are, and those that have a policy now or had one then. */
  private SortedSet<ServiceId> services(RollbackRequest request, Past past) {
    TreeSet<ServiceId> known = new TreeSet<>(facts.pipeline().services());
    Stream.of(facts.pipeline().judged(), past.documents())
        .flatMap(documents -> documents.all().values().stream())
        .flatMap(document -> Pin.service(document).stream())
        .forEach(known::add);
    TreeSet<ServiceId> services = new TreeSet<>();
    request.services().forEach(name -> services.add(ServiceNames.known(name, known)));
    return services;
  }

  /**
   * Waits for what is done on the writer's thread, where what is pinned is out as well, and for
   * what follows from it. The task must do all that belongs to it: the wait may end before.
   */
  private <T> T onWriter(Supplier<CompletableFuture<T>> task) {
    CompletableFuture<T> done =
        CompletableFuture.completedFuture(task).thenComposeAsync(Supplier::get, facts.writer());
    try {
      return done.get(DONE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(Why.UNAVAILABLE, "the server is stopping; ask another one");
    } catch (ExecutionException e) {
      LOG.error("what is in force could not be changed", e);
      throw new RefusedException(Why.UNAVAILABLE, "the server failed; its log says why");
    } catch (TimeoutException e) {
      throw new RefusedException(
          Why.UNAVAILABLE,
          "the server is busy, and will do it once it can; 'sluice rollback' tells how it stands");
    }
  }

  /** At the end of a pin, on the writer's thread; another one may hold by then. */
  private void end(Pin pin) {
    if (facts.pipeline().pin().filter(pin::equals).isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    if (pin.until().isAfter(now)) {
      facts.later().at(pin.until(), () -> end(pin));
      return;
    }
    try {
      facts.pipeline().pin(Optional.empty(), reason(pin, "ended"));
      LOG.info("the rollback to {} has ended: what sources tell is in force again", pin);
      disk.execute(() -> forget(pin));
    } catch (RuntimeException e) {
      LOG.error("the rollback to {} could not be ended; it is tried again", pin, e);
      facts.later().at(now.plus(TRY_AGAIN), () -> end(pin));
    }
  }

  private void keep(Pin pin) {
    try {
      if (file != null) {
        file.write(pin);
      }
    } catch (IOException e) {
      throw new RefusedException(
          Why.STORE,
          "it could not be kept over a restart, so nothing was changed: " + IoWords.of(e));
    }
  }

  private void putBack(Pin pin, Optional<Pin> before) {
    try {
      if (file != null) {
        file.putBack(pin, before);
      }
    } catch (IOException e) {
      LOG.error("a rollback that failed could not be removed; a restart would resume it", e);
    }
  }

  private void forget(Pin pin) {
    try {
      if (file != null) {
        file.delete(pin);
      }
    } catch (IOException e) {
      LOG.error("a rollback that has ended could not be removed; a restart would resume it", e);
    }
  }

  private static Reason reason(Pin pin, String what) {
    SortedSet<ServiceId> services = new TreeSet<>(pin.services());
    String why = pin.reason().isEmpty() ? "" : ": " + pin.reason();
    return new Reason(
        Reason.Kind.ROLLBACK,
        "to revision " + pin.revision(),
        what.equals("pinned")
            ? "pinned by %s until %s%s".formatted(pin.by(), pin.until(), why)
            : what,
        services);
  }
}
