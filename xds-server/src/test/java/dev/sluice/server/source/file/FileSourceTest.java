package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.source.Facts;
import dev.sluice.server.source.RecordingSink;
import dev.sluice.source.SourceStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What happens to files that are made, replaced, renamed and removed. */
class FileSourceTest extends WatchedDirectory {

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
  void aFileReplacedByARenameCountsAtOnce() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(NEVER_SETTLING, directory);
    write("a.yaml.new", "service a 10.0.0.2\n");
    Files.move(
        directory.resolve("a.yaml.new"),
        directory.resolve("a.yaml"),
        StandardCopyOption.ATOMIC_MOVE);
    awaitService("a", "10.0.0.2");
  }

  @Test
  void anEditorThatMovesTheOldFileAwayLeavesNoGap() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(SETTLING_SLOWLY, directory);
    Files.move(directory.resolve("a.yaml"), directory.resolve("a.yaml~"));
    // Seen without it: what is written next is told after the file was found to be gone.
    writeWhole("marker.yaml", "service marker 10.0.0.9\n");
    awaitService("marker", "10.0.0.9");
    writeWhole("a.yaml", "service a 10.0.0.2\n");
    awaitService("a", "10.0.0.2");
    assertThat(everMissed("a")).isFalse();
  }

  /** By a rename: a file that is seen half-written would wait until it has settled. */
  private void writeWhole(String name, String text) throws Exception {
    write(name + ".new", text);
    Files.move(directory.resolve(name + ".new"), directory.resolve(name));
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
  void aDirectoryThatDoesNotExistYetIsWaitedFor() throws Exception {
    write("z.yaml", "service z 10.0.0.9\n");
    Path later = temporary.resolve("later/policies");
    begin(BY_EVENTS, directory, later);
    awaitStarting("the directory " + later + " does not exist");
    Files.createDirectories(later);
    awaitService("z", "10.0.0.9");
    Files.writeString(later.resolve("a.yaml"), "service a 10.0.0.1\n");
    awaitService("a", "10.0.0.1");
    awaitProblems();
    assertThat(sink.status()).extracting(SourceStatus::state).isEqualTo(SourceStatus.State.SYNCED);
  }

  @Test
  void aFileThatCannotBeReadAtTheStartIsWaitedFor() throws Exception {
    write("z.yaml", "service z 10.0.0.9\n");
    Path link = directory.resolve("a.yaml");
    Files.createSymbolicLink(link, temporary.resolve("target.yaml"));
    begin(BY_LOOKING, directory);
    awaitStarting("the file " + link + " is a link to a file that does not exist");
    Files.writeString(temporary.resolve("target.yaml"), "service a 10.0.0.1\n");
    awaitService("z", "10.0.0.9");
    awaitService("a", "10.0.0.1");
    awaitProblems();
  }

  @Test
  void aFileThatCannotBeReadAtTheStartIsNotWaitedForOnceItIsGone() throws Exception {
    write("z.yaml", "service z 10.0.0.9\n");
    Path link = directory.resolve("a.yaml");
    Files.createSymbolicLink(link, temporary.resolve("target.yaml"));
    begin(BY_EVENTS, directory);
    awaitStarting(link.toString());
    Files.delete(link);
    awaitService("z", "10.0.0.9");
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
  void anEmptyDirectoryInThePlaceOfOneThatHeldDocumentsIsNotBelieved() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    Path mountPoint = Files.createDirectory(temporary.resolve("mount-point"));
    Path root = temporary.resolve("root");
    Files.createSymbolicLink(root, directory);
    start(root);
    swap(root, mountPoint);
    await()
        .untilAsserted(() -> assertThat(sink.problems().toString()).contains("is empty and not"));
    assertThat(sink.status()).extracting(SourceStatus::state).isEqualTo(SourceStatus.State.STALE);
    assertThat(everMissed("a")).isFalse();
    swap(root, directory);
    awaitProblems();
    swap(root, mountPoint);
    await().untilAsserted(() -> assertThat(sink.problems()).hasSize(1));
    Files.writeString(mountPoint.resolve("none.yaml"), "# none\n");
    awaitService("a");
    awaitProblems();
  }

  private void swap(Path link, Path target) throws IOException {
    Path next = Files.createSymbolicLink(temporary.resolve("next-root"), target);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void aDirectoryThatIsMadeAgainIsNotBelievedToBeEmpty() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    Files.move(directory, temporary.resolve("away"));
    await().untilAsserted(() -> assertThat(sink.problems().toString()).contains("does not exist"));
    Files.createDirectory(directory);
    await()
        .untilAsserted(() -> assertThat(sink.problems().toString()).contains("is empty and not"));
    write("b.yaml", "service b 10.0.0.1\n");
    awaitService("b", "10.0.0.1");
    awaitService("a");
    Files.delete(directory.resolve("b.yaml"));
    awaitService("b");
    awaitProblems();
  }

  @Test
  void changesWithoutEventsAreFoundByLooking() throws Exception {
    // Events tell of the directory with the link in it, not of the one that the link leads to.
    Path target = temporary.resolve("target.yaml");
    Files.writeString(target, "service a 10.0.0.1\n");
    Files.createSymbolicLink(directory.resolve("a.yaml"), target);
    start(BY_LOOKING, directory);
    Files.writeString(target, "service a 10.0.0.2\n");
    awaitService("a", "10.0.0.2");
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
    start(fresh, new LineReader(), BY_EVENTS, directory);
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
      throw new UncheckedIOException(e);
    }
  }
}
