package dev.sluice.server.source.file;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.SourceThread;
import dev.sluice.server.source.TextFacts;
import dev.sluice.server.source.file.FileScan.Moment;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.Source;
import dev.sluice.source.SourceSink;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documents in files, and the services that their StaticService documents describe.
 *
 * <p>It watches files and directories (with those below them) by the file system's events, and
 * besides looks at everything once a second, for file systems that tell nothing (NFS and the like).
 * On Linux events come at once; the JDK's watch on macOS is itself a look every few seconds, so
 * that there a change is seen after about a second.
 *
 * <p>It has synced once every directory was listed and every file in them read, so that what it
 * could not see is never taken for what is not there. Until then it tells nothing but its status.
 * An empty directory in the place of one that held documents counts as one that cannot be listed.
 *
 * <p>Last good wins: a document that is not valid, and every document of a file that cannot be
 * read, stays as it was, and the status says why. What is gone from its file is removed after a
 * short settling time, so that an editor that replaces a file in two steps causes no gap.
 *
 * <p>One thread, named {@code file-source-…}, does everything.
 */
public final class FileSource implements Source {

  private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

  private final SourceName name;
  private final List<Path> paths;
  private final Options options;
  private final TextFacts facts;
  private final FileScan scan;
  private final Roots roots;
  private final LastGoodTexts lastGood;
  private final SourceThread thread;
  private volatile @Nullable Watches watches;
  private volatile boolean closed;
  private long lastLook;

  /**
   * How it watches.
   *
   * @param poll how often everything is looked at, events or not
   * @param settle how long something has to stay gone, or unfinished, to be taken for it
   * @param maxBytes the largest file that is read
   */
  record Options(Duration poll, Duration settle, int maxBytes) {
    static final Options DEFAULT =
        new Options(Duration.ofSeconds(1), Duration.ofMillis(20), 16 * 1024 * 1024);
  }

  /**
   * A source of the documents under {@code paths}.
   *
   * @param name which file source this is
   * @param paths files and directories; they need not exist yet
   * @param reader reads a file's text
   */
  public FileSource(String name, List<Path> paths, DocumentReader reader) {
    this(name, paths, reader, Options.DEFAULT, LastGoodTexts.nowhere());
  }

  /**
   * A source whose last good documents outlive the process.
   *
   * @param state a directory of this source alone, where the last good text of each file is kept
   * @throws IOException when {@code state} cannot be written to; the message says what to do
   */
  public static FileSource keepingIn(
      Path state, String name, List<Path> paths, DocumentReader reader) throws IOException {
    return new FileSource(name, paths, reader, Options.DEFAULT, LastGoodTexts.in(state));
  }

  FileSource(
      String name,
      List<Path> paths,
      DocumentReader reader,
      Options options,
      LastGoodTexts lastGood) {
    this.name = new SourceName("file", name);
    this.thread = new SourceThread(this.name);
    this.paths = List.copyOf(paths);
    this.options = options;
    this.facts = new TextFacts(this.name);
    this.lastGood = lastGood;
    this.scan = new FileScan(reader, facts, options, lastGood);
    this.roots = new Roots(this.paths, lastGood);
  }

  @Override
  public SourceName name() {
    return name;
  }

  @Override
  public void start(SourceSink sink) {
    thread.start("file-source-" + name.name(), () -> run(sink));
  }

  @Override
  public void close() {
    closed = true;
    Watches open = watches;
    if (open != null) {
      open.close();
    }
    thread.awaitEnd();
  }

  private void run(SourceSink sink) {
    try (Watches open = Watches.open()) {
      watches = open;
      Report report = new Report(name, sink);
      Set<Path> changed = Set.of();
      while (!closed) {
        try {
          look(report, open, changed);
          lastGood.write(); // Last: nobody waits for it.
        } catch (ClosedWatchServiceException e) {
          throw e; // Closed in the middle of a look: nothing has failed.
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
          LOG.error("{} failed and tries again; what it told stays", name, e);
        }
        changed = await(open);
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("{} is closed", name);
    } catch (InterruptedException e) {
      LOG.error("{} was interrupted and ends; its last good state stays", name, e);
    }
  }

  private void look(Report report, Watches open, Set<Path> changed) {
    lastLook = System.nanoTime();
    Moment now = new Moment(lastLook, Instant.now());
    open.begin();
    for (Path path : paths) {
      watchAround(open, path);
    }
    Listing listing = roots.list(!report.hasSynced(), open::watch);
    open.end();
    if (report.hasSynced()) {
      scan.next(listing, changed, now);
      report.next(facts.take());
      report.status(facts.problems(), listing.unknown(), now.wall());
      return;
    }
    scan.first(listing, now);
    SortedMap<Path, String> missing = scan.missing(listing);
    if (missing.isEmpty()) {
      facts.take();
      report.first(facts.told());
      report.status(facts.problems(), listing.unknown(), now.wall());
    } else {
      report.starting(facts.problems(), missing, now.wall());
    }
  }

  private static void watchAround(Watches open, Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null && Files.isRegularFile(path)) {
      // All names: the file may be a link into a directory beside it that is swapped.
      open.watch(parent);
    } else {
      open.watchFor(path);
    }
  }

  private Set<Path> await(Watches open) throws InterruptedException {
    long until = lastLook + options.poll().toNanos();
    OptionalLong settles = scan.settlesAt(lastLook);
    if (settles.isPresent() && settles.getAsLong() - until < 0) {
      until = settles.getAsLong();
    }
    while (true) {
      long left = Math.max(0, until - System.nanoTime());
      Watches.Events events = open.await(Duration.ofNanos(left));
      if (closed || events.any() || until - System.nanoTime() <= 0) {
        return events.files();
      }
    }
  }
}
