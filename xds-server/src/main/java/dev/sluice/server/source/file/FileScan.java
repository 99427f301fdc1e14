package dev.sluice.server.source.file;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.Beginnings;
import dev.sluice.server.source.TextFacts;
import dev.sluice.server.source.TextState;
import dev.sluice.server.source.file.Contents.Gone;
import dev.sluice.server.source.file.Contents.Text;
import dev.sluice.server.source.file.Contents.Unreadable;
import dev.sluice.server.source.file.LastGoodTexts.Kept;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.DocumentReader.Reading;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks which files there are and reads those that may have changed, into {@link TextFacts};
 * confined to the source's thread.
 *
 * <p>A file that takes another's place, by a rename or a link that is swapped, is whole and counts
 * as soon as it is seen. One that is written in place, one whose last line has no end, and an empty
 * one may be seen half-written: it counts once neither its text nor its stamp has changed for the
 * settling time.
 */
final class FileScan {

  private static final Logger LOG = LoggerFactory.getLogger(FileScan.class);

  /** How many settling times a document may be gone while a file is being written. */
  private static final int LEAVING_WHILE_WRITING = 10;

  private static final String EMPTIED =
      "has no document any more, as if it were being written; its documents stay. Remove the file to"
          + " remove them";

  private final DocumentReader reader;
  private final TextFacts facts;
  private final FileSource.Options options;
  private final LastGoodTexts lastGood;
  private final Map<String, Tracked> tracked = new TreeMap<>();

  /** What was seen of a file when it was looked at last. */
  private static final class Tracked {
    private final Path path;
    private Stamp stamp = Stamp.NONE;
    private Instant readAt = Instant.EPOCH;
    private Contents contents = new Gone();
    private boolean seen;
    private boolean known;
    private @Nullable String failure;
    private OptionalLong unsettledSince = OptionalLong.empty();

    Tracked(Path path) {
      this.path = path;
    }

    void lookedAt(Stamp seen, Moment now) {
      stamp = seen;
      readAt = now.wall;
    }

    boolean isCurrent(Stamp now, int maxBytes) {
      return stamp.equals(now)
          && !stamp.isTooFresh(readAt)
          && unsettledSince.isEmpty()
          && !(contents instanceof Unreadable && stamp.size() <= maxBytes);
    }
  }

  /**
   * The moment of a scan.
   *
   * @param nanos on the clock of the settling time
   * @param wall on the clock of the file system
   */
  record Moment(long nanos, Instant wall) {}

  FileScan(
      DocumentReader reader, TextFacts facts, FileSource.Options options, LastGoodTexts lastGood) {
    this.reader = reader;
    this.facts = facts;
    this.options = options;
    this.lastGood = lastGood;
  }

  /**
   * Reads everything for the first time, again and again until nothing {@linkplain #missing is
   * missing}: what is there counts, whatever it looks like, and what is gone is gone. A document
   * that is wrong is taken from the last good text of its file, where one was kept.
   */
  void first(Listing listing, Moment now) {
    listing
        .files()
        .forEach(
            (name, path) -> {
              Tracked file = tracked(name, path);
              Stamp stamp = Stamp.of(path);
              attempt(file, () -> first(name, file, now))
                  .ifPresentOrElse(
                      words -> failed(name, file, words, now), () -> file.lookedAt(stamp, now));
            });
    removeGone(listing, now);
    facts.settle(now.nanos);
    if (listing.unknown().isEmpty()) {
      lastGood.retain(listing.files().values());
    }
  }

  private void first(String name, Tracked file, Moment now) {
    Contents contents = Contents.read(file.path, options.maxBytes());
    if (file.seen) {
      apply(name, file, contents, now);
      return;
    }
    firstLook(name, file, contents, now);
    file.seen = true;
  }

  private void failed(String name, Tracked file, String words, Moment now) {
    file.failure = words;
    facts.put(name, facts.text(name).unreadable(problem(name, words), now.nanos));
  }

  private void firstLook(String name, Tracked file, Contents contents, Moment now) {
    Optional<Kept> kept = lastGood.of(file.path);
    if (kept.isPresent()) {
      String text = kept.get().text();
      attempt(
          file,
          () -> {
            Reading before = Beginnings.of(reader.read(name, text), file.path);
            facts.put(name, TextState.EMPTY.read(before, now.nanos).withoutProblems());
            file.known = true;
          });
    }
    Optional<Reading> reading = apply(name, file, contents, now);
    new FirstLook(file.path, reading, facts.text(name)).log(kept, lastGood);
  }

  /** The directories and files of which it is not known what they hold, and why, as a sentence. */
  SortedMap<Path, String> missing(Listing listing) {
    SortedMap<Path, String> missing = new TreeMap<>();
    listing
        .unknown()
        .forEach((path, why) -> missing.put(path, "the directory " + path + " " + why));
    for (Tracked file : tracked.values()) {
      if (!file.known && file.contents instanceof Unreadable(String why)) {
        missing.put(file.path, "the file " + file.path + " " + why);
      } else if (!file.known && file.failure != null) {
        missing.put(file.path, "the file " + file.path + " " + file.failure);
      }
    }
    return missing;
  }

  /**
   * Reads what may have changed.
   *
   * @param changed absolute paths of files that are known to have changed
   */
  void next(Listing listing, Set<Path> changed, Moment now) {
    listing
        .files()
        .forEach(
            (name, path) -> {
              Tracked file = tracked(name, path);
              Stamp stamp = Stamp.of(path);
              if (changed.contains(path.toAbsolutePath())
                  || !file.isCurrent(stamp, options.maxBytes())) {
                attempt(
                    file,
                    () -> {
                      look(name, file, stamp, now);
                      file.lookedAt(stamp, now);
                    });
              }
            });
    removeGone(listing, now);
    facts.settle(now.nanos - leavingTime());
  }

  /** What is being written may hold what is gone elsewhere: then that is waited for longer. */
  private long leavingTime() {
    boolean writing = tracked.values().stream().anyMatch(file -> file.unsettledSince.isPresent());
    return options.settle().toNanos() * (writing ? LEAVING_WHILE_WRITING : 1);
  }

  private void removeGone(Listing listing, Moment now) {
    tracked
        .entrySet()
        .removeIf(
            entry -> {
              Path path = entry.getValue().path;
              boolean gone = !listing.files().containsKey(entry.getKey()) && !listing.mayHold(path);
              if (gone) {
                lastGood.forget(path);
                facts.put(entry.getKey(), facts.text(entry.getKey()).gone(now.nanos));
              }
              return gone;
            });
  }

  /**
   * When the next thing settles, on the clock of {@link Moment#nanos}.
   *
   * @param looked the last scan: what was due then and is so still has failed, and waits for the
   *     poll
   */
  OptionalLong settlesAt(long looked) {
    long stillDue = looked - options.settle().toNanos();
    OptionalLong unsettled =
        tracked.values().stream()
            .flatMapToLong(file -> file.unsettledSince.stream())
            .filter(since -> since - stillDue > 0)
            .min();
    long settle = options.settle().toNanos();
    return LongStream.concat(
            unsettled.stream().map(since -> since + settle),
            facts.leavingSince().stream().map(since -> since + leavingTime()))
        .min();
  }

  private Tracked tracked(String name, Path path) {
    return tracked.computeIfAbsent(name, _ -> new Tracked(path));
  }

  /** One file that cannot be taken in must not hold up the others; the next look tries again. */
  private static Optional<String> attempt(Tracked file, Runnable look) {
    try {
      look.run();
      return Optional.empty();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      LOG.error("{} failed and is tried again; its last good state stays", file.path, e);
      return Optional.of("could not be taken in (" + e + "); it is tried again");
    }
  }

  private void look(String name, Tracked file, Stamp stamp, Moment now) {
    Contents contents = Contents.read(file.path, options.maxBytes());
    if (!contents.equals(file.contents)) {
      if (contents instanceof Text text && (text.mayGoOn() || !stamp.isOfAnother(file.stamp))) {
        file.contents = contents;
        file.unsettledSince = OptionalLong.of(now.nanos);
      } else {
        apply(name, file, contents, now);
      }
    } else if (file.unsettledSince.isPresent()) {
      if (!stamp.equals(file.stamp)) {
        file.unsettledSince = OptionalLong.of(now.nanos);
      } else if (now.nanos - file.unsettledSince.getAsLong() >= options.settle().toNanos()) {
        apply(name, file, contents, now);
      }
    }
  }

  private Optional<Reading> apply(String name, Tracked file, Contents contents, Moment now) {
    TextState before = facts.text(name);
    Optional<Reading> reading =
        contents instanceof Text(String text)
            ? Optional.of(Beginnings.of(reader.read(name, text), file.path))
            : Optional.empty();
    TextState after =
        switch (contents) {
          case Text _ when before.hasDocuments() && reading.filter(FileScan::isBlank).isPresent() ->
              before.unreadable(problem(name, EMPTIED), now.nanos);
          case Text _ -> before.read(reading.orElseThrow(), now.nanos);
          case Unreadable(String why) -> before.unreadable(problem(name, why), now.nanos);
          case Gone() -> before.gone(now.nanos);
        };
    facts.put(name, after);
    if (contents instanceof Text(String text)) {
      file.known = true;
      if (after.hasDocuments() && reading.filter(FirstLook::isGood).isPresent()) {
        lastGood.keep(file.path, text, now.wall);
      }
    }
    file.contents = contents;
    file.failure = null;
    file.unsettledSince = OptionalLong.empty();
    return reading;
  }

  /** Whether there is nothing in it but comments. */
  private static boolean isBlank(Reading reading) {
    return reading.complete() && reading.items().isEmpty() && reading.problems().isEmpty();
  }

  private static Problem problem(String file, String why) {
    return Problem.error(Location.ofFile(file), "$", "the file " + why);
  }
}
