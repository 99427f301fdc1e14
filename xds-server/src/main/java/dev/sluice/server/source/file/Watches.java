package dev.sluice.server.source.file;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file system's events for a changing set of directories; confined to the source's thread but
 * for {@link #close}.
 *
 * <p>Where a directory cannot be watched, it is said once, and its changes are found by looking.
 */
final class Watches implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
  private static final WatchEvent.Kind<?>[] KINDS = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  private final @Nullable WatchService service;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Path, Watched> watched = new HashMap<>();
  private final Set<Path> wanted = new HashSet<>();
  private final Set<Path> warned = new HashSet<>();

  /**
   * A directory that is watched.
   *
   * @param fileKey which directory that was: another one may be made in its place
   * @param key the registration
   * @param names the names whose events count; empty for all
   */
  private record Watched(@Nullable Object fileKey, WatchKey key, Set<String> names) {}

  /**
   * What was changed.
   *
   * @param any whether anything was
   * @param files absolute paths of what is known to be concerned
   */
  record Events(boolean any, Set<Path> files) {}

  private Watches(@Nullable WatchService service) {
    this.service = service;
  }

  /** Watches nothing yet. Where the system gives no watch, there are never any events. */
  static Watches open() {
    try {
      return new Watches(FileSystems.getDefault().newWatchService());
    } catch (IOException e) {
      LOG.warn("files cannot be watched ({}); they are looked at from time to time", e.toString());
      return new Watches(null);
    }
  }

  /** Begins a round: what is not watched for in it is no longer watched after {@link #end}. */
  void begin() {
    wanted.clear();
  }

  /** Watches everything in {@code directory}, unless it is watched already. */
  void watch(Path directory) {
    watch(directory, Set.of());
  }

  /** Watches for the coming and going of {@code root} itself, or of what it lies in. */
  void watchFor(Path root) {
    Path child = root.toAbsolutePath();
    Path parent = child.getParent();
    while (parent != null && !Files.isDirectory(parent)) {
      child = parent;
      parent = child.getParent();
    }
    if (parent != null) {
      Watched before = watched.get(parent);
      Set<String> names = new HashSet<>(before == null ? Set.of() : before.names);
      boolean all = before != null && names.isEmpty();
      if (!all) {
        names.add(String.valueOf(child.getFileName()));
      }
      watch(parent, names);
    }
  }

  private void watch(Path directory, Set<String> names) {
    if (service == null) {
      return;
    }
    wanted.add(directory);
    Object fileKey = Stamp.of(directory).fileKey();
    Watched before = watched.get(directory);
    try {
      WatchKey key =
          before != null && before.key.isValid() && Objects.equals(before.fileKey, fileKey)
              ? before.key
              : directory.register(service, KINDS);
      watched.put(directory, new Watched(fileKey, key, Set.copyOf(names)));
    } catch (IOException e) {
      watched.remove(directory);
      if (Files.isDirectory(directory) && warned.add(directory)) {
        LOG.warn(
            "{} cannot be watched ({}); it is looked at from time to time",
            directory,
            e.toString());
      }
    }
  }

  /** Ends the watches of directories that were not asked for since {@link #begin}. */
  void end() {
    Map<Path, Watched> ended = new HashMap<>(watched);
    ended.keySet().removeAll(wanted);
    watched.keySet().removeAll(ended.keySet());
    Set<WatchKey> used = new HashSet<>();
    watched.values().forEach(one -> used.add(one.key));
    ended.values().stream()
        .map(Watched::key)
        .filter(key -> !used.contains(key))
        .forEach(WatchKey::cancel);
  }

  /** Waits for events, at most {@code wait}, and takes all there are. */
  Events await(Duration wait) throws InterruptedException, ClosedWatchServiceException {
    boolean any = false;
    Set<Path> files = new HashSet<>();
    if (service == null) {
      closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
      return new Events(false, files);
    }
    WatchKey key = service.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    while (key != null) {
      List<WatchEvent<?>> events = key.pollEvents();
      any |= !key.reset();
      for (WatchEvent<?> event : events) {
        any |= collect(key, event, files);
      }
      key = service.poll();
    }
    return new Events(any, files);
  }

  private boolean collect(WatchKey key, WatchEvent<?> event, Set<Path> files) {
    boolean counts = false;
    for (Map.Entry<Path, Watched> entry : watched.entrySet()) {
      Watched one = entry.getValue();
      if (!one.key.equals(key)) {
        continue;
      }
      if (!(event.context() instanceof Path name)) {
        counts = true;
      } else if (one.names.isEmpty() || one.names.contains(name.toString())) {
        files.add(entry.getKey().resolve(name).toAbsolutePath());
        counts = true;
      }
    }
    return counts;
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException e) {
      LOG.warn("the file watch could not be closed", e);
    }
  }
}
