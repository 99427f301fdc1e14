package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.source.Facts;
import dev.sluice.server.source.RecordingSink;
import dev.sluice.source.SourceStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to files in a real directory. The looking from time to time is as good as off here,
 * unless a test asks for it, so that what is seen was seen by events.
 */
class FileSourceTest {

  private static final FileSource.Options BY_EVENTS =
      new FileSource.Options(Duration.ofHours(1), Duration.ofMillis(20), 1000);

  @TempDir Path temporary;
  private Path directory = Path.of("");
  private final List<FileSource> open = new ArrayList<>();
  private final RecordingSink sink = new RecordingSink();

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectory(temporary.resolve("policies"));
  }

  @AfterEach
  void close() {
    open.forEach(FileSource::close);
  }

  private void start(Path... paths) {
    start(BY_EVENTS, paths);
  }

  private void start(FileSource.Options options, Path... paths) {
    FileSource source = new FileSource("local", List.of(paths), new LineReader(), options);
    open.add(source);
    source.start(sink);
    await().until(() -> sink.isSynced() && sink.status() != null);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void awaitService(String name, String... addresses) {
    await()
        .untilAsserted(
            () ->
                assertThat(Facts.addresses(sink.image().catalog(), name))
                    .containsExactly(addresses));
  }

  private void awaitProblems(String... problems) {
    await().untilAsserted(() -> assertThat(sink.problems()).containsExactly(problems));
  }

  private boolean everMissed(String name) {
    return sink.images().stream().anyMatch(i -> i.catalog().service(Facts.id(name)).isEmpty());
  }

  @Test
  void severalDocumentsOfAFileAndFilesBelowAreRead() throws Exception {
    write("a.yaml", "service a 10.0.0.1\ngateway public a.example.com\n");
    Files.createDirectories(directory.resolve("sub/deep"));
    write("sub/deep/b.yml", "service b 10.0.0.2\n");
    write("c.json", "service c 10.0.0.3\n");
    write("d.txt", "service d 10.0.0.4\n");
    write(".e.yaml", "service e 10.0.0.5\n");
    start(directory);
    assertThat(sink.image().catalog().services().keySet())
        .containsExactly(Facts.id("a"), Facts.id("b"), Facts.id("c"));
    assertThat(sink.image().documents().all()).hasSize(4);
    assertThat(sink.status()).extracting(SourceStatus::state).isEqualTo(SourceStatus.State.SYNCED);
  }

  @Test
  void aFileInADirectoryThatIsMadeLaterIsSeen() throws Exception {
    start(directory);
    Files.createDirectories(directory.resolve("new/deep"));
    write("new/deep/a.yaml", "service a 10.0.0.1\n");
    awaitService("a", "10.0.0.1");
  }

  @Test
  void aFileThatIsNamedItselfIsWatched() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    write("b.yaml", "service b 10.0.0.1\n");
    start(directory.resolve("a.yaml"));
    write("a.yaml", "service a 10.0.0.2\n");
    awaitService("a", "10.0.0.2");
    assertThat(sink.image().catalog().service(Facts.id("b"))).isEmpty();
    Files.delete(directory.resolve("a.yaml"));
    awaitService("a");
    write("a.yaml", "service a 10.0.0.3\n");
    awaitService("a", "10.0.0.3");
  }

  @Test
  void aFileReplacedByARenameLeavesNoGap() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    for (int i = 2; i < 20; i++) {
      write("a.yaml.new", "service a 10.0.0." + i + "\n");
      Files.move(
          directory.resolve("a.yaml.new"),
          directory.resolve("a.yaml"),
          StandardCopyOption.ATOMIC_MOVE);
      awaitService("a", "10.0.0." + i);
    }
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void anEditorThatMovesTheOldFileAwayLeavesNoGap() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(new FileSource.Options(Duration.ofHours(1), Duration.ofSeconds(5), 1000), directory);
    Files.move(directory.resolve("a.yaml"), directory.resolve("a.yaml~"));
    // Seen without it: what is written next is told after the file was found to be gone.
    write("marker.yaml", "service marker 10.0.0.9\n");
    awaitService("marker", "10.0.0.9");
    write("a.yaml", "service a 10.0.0.2\n");
    awaitService("a", "10.0.0.2");
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void aRenamedFileMovesItsDocumentsWithoutAGap() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    Files.move(directory.resolve("a.yaml"), directory.resolve("z.yaml"));
    String moved = directory.resolve("z.yaml").toString();
    await()
        .until(
            () ->
                sink.image().documents().all().values().stream()
                    .anyMatch(document -> document.origin().start().file().equals(moved)));
    assertThat(everMissed("a")).isFalse();
    assertThat(sink.statuses()).allMatch(status -> status.problems().isEmpty());
  }

  @Test
  void aConfigMapThatKubernetesSwapsIsSeenOnceAndWithoutAGap() throws Exception {
    swapConfigMap("..2026_01_01_00_00_00.1", "service a 10.0.0.1\n");
    Files.createSymbolicLink(directory.resolve("a.yaml"), Path.of("..data/a.yaml"));
    start(directory);
    awaitService("a", "10.0.0.1");
    swapConfigMap("..2026_01_01_00_01_00.2", "service a 10.0.0.2\n");
    awaitService("a", "10.0.0.2");
    swapConfigMap("..2026_01_01_00_02_00.3", "service a 10.0.0.3\n");
    awaitService("a", "10.0.0.3");
    assertThat(everMissed("a")).isFalse();
    assertThat(sink.problems()).isEmpty();
  }

  /**
   * As kubelet's AtomicWriter does it: new directory, link beside it, rename over, old one away.
   */
  private void swapConfigMap(String name, String text) throws IOException {
    Path old = directory.resolve("..data");
    Path before = Files.exists(old) ? old.toRealPath() : null;
    Files.createDirectory(directory.resolve(name));
    write(name + "/a.yaml", text);
    Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(name));
    Files.move(directory.resolve("..data_tmp"), old, StandardCopyOption.ATOMIC_MOVE);
    if (before != null) {
      Files.delete(before.resolve("a.yaml"));
      Files.delete(before);
    }
  }

  @Test
  void aDirectoryThatDoesNotExistYetIsReadWhenItIsMade() throws Exception {
    Path later = temporary.resolve("later/policies");
    start(later);
    assertThat(sink.status()).extracting(SourceStatus::state).isEqualTo(SourceStatus.State.STALE);
    assertThat(sink.problems().getFirst()).contains(later.toString(), "does not exist");
    Files.createDirectories(later);
    Files.writeString(later.resolve("a.yaml"), "service a 10.0.0.1\n");
    awaitService("a", "10.0.0.1");
    awaitProblems();
  }

  @Test
  void aDirectoryThatIsRemovedAndMadeAgainKeepsItsLastStateMeanwhile() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    write("b.yaml", "service b 10.0.0.1\n");
    start(directory);
    Files.move(directory, temporary.resolve("away"));
    await().untilAsserted(() -> assertThat(sink.problems().toString()).contains("does not exist"));
    assertThat(everMissed("a")).isFalse();
    Path next = Files.createDirectory(temporary.resolve("next"));
    Files.writeString(next.resolve("a.yaml"), "service a 10.0.0.2\n");
    Files.move(next, directory);
    awaitService("a", "10.0.0.2");
    awaitService("b");
    awaitProblems();
    write("a.yaml", "service a 10.0.0.3\n");
    awaitService("a", "10.0.0.3");
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void aFileThatDoesNotParseKeepsItsDocumentsWhileThoseThatAreSeenMoveOn() throws Exception {
    write("a.yaml", "service a 10.0.0.1\nservice b 10.0.0.1\n");
    start(directory);
    write("a.yaml", "service a 10.0.0.2\n{\n");
    awaitService("a", "10.0.0.2");
    awaitProblems(directory.resolve("a.yaml") + ":2:1 $: does not parse");
    assertThat(everMissed("b")).isFalse();
    write("a.yaml", "service a 10.0.0.3\n");
    awaitService("b");
    awaitProblems();
  }

  @Test
  void anInvalidDocumentKeepsItsLastGoodVersionWhileTheOthersMoveOn() throws Exception {
    write("a.yaml", "service a 10.0.0.1\nservice b 10.0.0.1\n");
    start(directory);
    write("a.yaml", "service a !\nservice b 10.0.0.2\n");
    awaitService("b", "10.0.0.2");
    awaitService("a", "10.0.0.1");
    awaitProblems(directory.resolve("a.yaml") + ":1:1 $: a is not valid");
    write("a.yaml", "?\nservice b 10.0.0.3\n");
    awaitService("b", "10.0.0.3");
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void aDocumentThatWasNeverGoodGivesProblemsOnly() throws Exception {
    write("a.yaml", "service a !\n");
    start(directory);
    awaitProblems(directory.resolve("a.yaml") + ":1:1 $: a is not valid");
    assertThat(sink.image()).isNotEqualTo(CatalogImage.EMPTY);
    assertThat(sink.image().catalog().services()).isEmpty();
  }

  @Test
  void anEmptiedFileKeepsItsDocumentsAndSaysHowToRemoveThem() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    write("a.yaml", "");
    await()
        .untilAsserted(
            () -> assertThat(sink.problems().toString()).contains("is empty", "Remove the file"));
    assertThat(everMissed("a")).isFalse();
    write("a.yaml", "# nothing any more\n");
    awaitService("a");
    awaitProblems();
  }

  @Test
  void aTextWithoutAFinalNewlineCountsOnceItStaysTheSame() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    write("a.yaml", "service a 10.0.0.2");
    awaitService("a", "10.0.0.2");
  }

  @Test
  void aFileInSeveralWritesIsNotTakenForAShorterOne() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(new FileSource.Options(Duration.ofHours(1), Duration.ofSeconds(5), 1000), directory);
    write("a.yaml", "service a 10.0.");
    write("marker.yaml", "service marker 10.0.0.9\n");
    awaitService("marker", "10.0.0.9");
    write("a.yaml", "service a 10.0.0.2\n");
    awaitService("a", "10.0.0.2");
    assertThat(sink.images()).noneMatch(i -> Facts.addresses(i.catalog(), "a").contains("10.0."));
  }

  @Test
  void ofADocumentInTwoFilesTheFirstCountsAndTheSecondTakesOver() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    write("b.yaml", "service a 10.0.0.2\n");
    start(directory);
    awaitService("a", "10.0.0.1");
    awaitProblems(
        directory.resolve("b.yaml")
            + ":1:1 $: StaticService shop/a is already in "
            + directory.resolve("a.yaml")
            + ":1:1, which counts; keep one of the two");
    Files.delete(directory.resolve("a.yaml"));
    awaitService("a", "10.0.0.2");
    awaitProblems();
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void aDocumentTwiceInOneFileCountsOnce() throws Exception {
    write("a.yaml", "service a 10.0.0.1\nservice a 10.0.0.2\n");
    start(directory);
    awaitService("a", "10.0.0.1");
    assertThat(sink.problems()).hasSize(1);
    assertThat(sink.problems().getFirst()).contains("a.yaml:2:1", "a.yaml:1:1");
  }

  @Test
  void aFileThatIsNotUtf8KeepsItsDocuments() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    Files.write(directory.resolve("a.yaml"), "service a ä\n".getBytes(StandardCharsets.ISO_8859_1));
    awaitProblems(
        directory.resolve("a.yaml") + " $: the file is not UTF-8; save it in that encoding");
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void aFileThatIsTooLargeKeepsItsDocuments() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    write("a.yaml", "#".repeat(1001) + "\n");
    await()
        .untilAsserted(
            () -> assertThat(sink.problems().toString()).contains("larger than 1000 bytes"));
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void aFileThatMayNotBeReadKeepsItsDocuments() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    Path file = directory.resolve("a.yaml");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(file)).as("this user may read everything").isFalse();
    await().untilAsserted(() -> assertThat(sink.problems().toString()).contains("permission"));
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void aLinkToNothingKeepsItsDocuments() throws Exception {
    Path target = temporary.resolve("target.yaml");
    Files.writeString(target, "service a 10.0.0.1\n");
    Files.createSymbolicLink(directory.resolve("a.yaml"), target);
    start(new FileSource.Options(Duration.ofMillis(20), Duration.ofMillis(20), 1000), directory);
    Files.delete(target);
    await().untilAsserted(() -> assertThat(sink.problems().toString()).contains("is a link to"));
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void changesWithoutEventsAreFoundByLooking() throws Exception {
    // Events tell of the directory with the link in it, not of the one that the link leads to.
    Path target = temporary.resolve("target.yaml");
    Files.writeString(target, "service a 10.0.0.1\n");
    Files.createSymbolicLink(directory.resolve("a.yaml"), target);
    start(new FileSource.Options(Duration.ofMillis(20), Duration.ofMillis(20), 1000), directory);
    Files.writeString(target, "service a 10.0.0.2\n");
    awaitService("a", "10.0.0.2");
  }

  @Test
  void aProblemThatStaysIsToldOnce() throws Exception {
    write("a.yaml", "service a !\n");
    start(directory);
    for (int i = 1; i < 5; i++) {
      write("b.yaml", "service b 10.0.0." + i + "\n");
      awaitService("b", "10.0.0." + i);
    }
    assertThat(sink.statuses()).hasSize(1);
  }

  @Test
  void manyRapidEditsConvergeToTheLast() throws Exception {
    start(directory);
    for (int i = 0; i < 500; i++) {
      write("a.yaml", "service a 10.0." + i / 250 + "." + i % 250 + "\n");
    }
    awaitService("a", "10.0.1.249");
  }

  @Test
  void noUpdateIsLostAmongConcurrentWriters() throws Exception {
    long seed = new Random().nextLong();
    start(directory);
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      String name = "w" + writer;
      Random random = new Random(seed + writer);
      writers.add(Thread.ofPlatform().start(() -> writeAtRandom(name, random)));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    RecordingSink fresh = new RecordingSink();
    FileSource other = new FileSource("local", List.of(directory), new LineReader(), BY_EVENTS);
    open.add(other);
    other.start(fresh);
    await().until(fresh::isSynced);
    await()
        .untilAsserted(() -> assertThat(sink.image()).as("seed %d", seed).isEqualTo(fresh.image()));
  }

  private void writeAtRandom(String name, Random random) {
    try {
      for (int i = 0; i < 200; i++) {
        Path file = directory.resolve(name + "-" + random.nextInt(3) + ".yaml");
        String text = "service " + file.getFileName() + " 10.0.0." + random.nextInt(250) + "\n";
        switch (random.nextInt(4)) {
          case 0 -> Files.deleteIfExists(file);
          case 1 -> {
            Path next = directory.resolve(name + ".tmp");
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
          }
          default -> Files.writeString(file, text);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
