package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.source.Facts;
import dev.sluice.server.source.RecordingSink;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.SourceStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file source of a real directory. The looking from time to time is as good as off here, unless a
 * test asks for it, so that what is seen was seen by events.
 */
abstract class WatchedDirectory {

  static final FileSource.Options BY_EVENTS =
      new FileSource.Options(Duration.ofHours(1), Duration.ofMillis(20), 1000);

  /** Looks all the time. */
  static final FileSource.Options BY_LOOKING =
      new FileSource.Options(Duration.ofMillis(20), Duration.ofMillis(20), 1000);

  /** What is gone or unfinished is taken for it after a time that no test waits for. */
  static final FileSource.Options SETTLING_SLOWLY =
      new FileSource.Options(Duration.ofHours(1), Duration.ofSeconds(5), 1000);

  /** What is gone or unfinished is never taken for it within a test. */
  static final FileSource.Options NEVER_SETTLING =
      new FileSource.Options(Duration.ofHours(1), Duration.ofHours(1), 1000);

  @TempDir Path temporary;
  Path directory = Path.of("");
  final RecordingSink sink = new RecordingSink();
  private final List<FileSource> open = new ArrayList<>();

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectory(temporary.resolve("policies"));
  }

  @AfterEach
  void close() {
    open.forEach(FileSource::close);
  }

  void start(Path... paths) {
    start(BY_EVENTS, paths);
  }

  void start(FileSource.Options options, Path... paths) {
    start(new LineReader(), options, paths);
  }

  void start(DocumentReader reader, FileSource.Options options, Path... paths) {
    start(sink, reader, options, paths);
    await().until(() -> sink.status() != null);
  }

  /** Starts a source that tells {@code into}, and waits until it has synced. */
  void start(RecordingSink into, DocumentReader reader, FileSource.Options options, Path... paths) {
    begin(into, reader, options, paths);
    await().until(into::isSynced);
  }

  /** Starts a source that has something to wait for. */
  void begin(FileSource.Options options, Path... paths) {
    begin(sink, new LineReader(), options, paths);
  }

  /** Where a source keeps its last good texts; null for nowhere. */
  @Nullable Path state;

  void begin(RecordingSink into, DocumentReader reader, FileSource.Options options, Path... paths) {
    FileSource source = new FileSource("local", List.of(paths), reader, options, texts());
    open.add(source);
    source.start(into);
  }

  private LastGoodTexts texts() {
    try {
      return state == null ? LastGoodTexts.nowhere() : LastGoodTexts.in(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the source says that it waits, and for what; it has told no facts then. */
  void awaitStarting(String message) {
    await().until(() -> sink.status() != null);
    SourceStatus status = Objects.requireNonNull(sink.status());
    assertThat(status.state()).isEqualTo(SourceStatus.State.STARTING);
    assertThat(status.message()).contains(message);
    assertThat(sink.updates()).isEmpty();
  }

  void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  void awaitService(String name, String... addresses) {
    await()
        .untilAsserted(
            () ->
                assertThat(Facts.addresses(sink.image().catalog(), name))
                    .containsExactly(addresses));
  }

  void awaitProblems(String... problems) {
    await().untilAsserted(() -> assertThat(sink.problems()).containsExactly(problems));
  }

  boolean everMissed(String name) {
    return sink.images().stream().anyMatch(i -> i.catalog().service(Facts.id(name)).isEmpty());
  }
}
