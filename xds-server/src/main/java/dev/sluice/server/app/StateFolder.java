package dev.sluice.server.app;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.history.History;
import dev.sluice.server.overrides.IoWords;
import dev.sluice.server.rollback.RollbackFacts;
import dev.sluice.server.rollback.Rollbacks;
import dev.sluice.server.rollout.FolderStates;
import dev.sluice.server.rollout.MemoryStates;
import dev.sluice.server.rollout.RolloutStore;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.source.file.FileSource;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.DocumentKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state directory, if there is one: last good documents in {@code files}, and in {@code
 * history} the revisions and what is rolled back to. It is this server's alone until it is closed,
 * by a lock on the file {@code lock}, which the system takes away with the process.
 */
final class StateFolder implements AutoCloseable {
  private static final DocumentReader READER = DocumentParser.reader();

  private final @Nullable Path directory;
  private final @Nullable FileChannel lock;

  private StateFolder(@Nullable Path directory, @Nullable FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * The directory, which is made where there is none.
   *
   * @param directory null where nothing is to outlive the process
   * @throws IOException when it cannot be written to, or another server has it; the message names
   *     it and says what to do
   */
  static StateFolder open(@Nullable Path directory) throws IOException {
    return new StateFolder(directory, directory == null ? null : lock(directory));
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unusable(directory, e);
    }
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException _) {
      // Of another server in this process.
    } catch (IOException e) {
      channel.close();
      throw unusable(directory, e);
    }
    channel.close();
    throw new IOException(
        "the state directory %s is in use by another server; stop that one, or give each a directory of its own (--state)"
            .formatted(directory));
  }

  private static IOException unusable(Path directory, IOException problem) {
    return new IOException(
        "the state directory %s cannot be written to by this process (%s); give it the permission or name another directory"
            .formatted(directory, IoWords.of(problem)),
        problem);
  }

  /**
   * The history, which ends with the process where there is no directory.
   *
   * @throws IOException when it cannot be written to; the message names it
   */
  History history() throws IOException {
    return directory == null ? History.inMemory() : History.in(past(directory), READER);
  }

  /** The rollbacks; after {@link #history}, which makes their folder. */
  Rollbacks rollbacks(ServerSettings settings, RollbackFacts facts, InstantSource clock) {
    Rollbacks.Writing writing =
        switch (settings.writing()) {
          case ON -> Rollbacks.Writing.ON;
          case OFF -> Rollbacks.Writing.OFF;
        };
    return directory == null
        ? Rollbacks.inMemory(facts, writing, clock)
        : Rollbacks.in(past(directory), READER, facts, writing, clock);
  }

  /**
   * Where it is kept how rollouts stand; nowhere where there is no directory.
   *
   * @param stands whether a policy is in a cluster or data centre, though it may be wrong
   */
  RolloutStore rollouts(Predicate<DocumentKey> stands) {
    return directory == null
        ? new MemoryStates()
        : new FolderStates(directory.resolve("rollouts"), stands);
  }

  /**
   * The source of directories of documents.
   *
   * @throws IOException when last good documents cannot be kept; the message names where
   */
  FileSource files(String name, List<Path> paths) throws IOException {
    return directory == null
        ? new FileSource(name, paths, READER)
        : FileSource.keepingIn(directory.resolve("files"), name, paths, READER);
  }

  private static Path past(Path directory) {
    return directory.resolve("history");
  }

  /** Lets another server have it. */
  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
