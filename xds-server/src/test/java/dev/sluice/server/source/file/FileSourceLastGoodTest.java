package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.source.Facts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/**
 * Files that cannot be read, are half-written, wrong or of two minds: the last good version stays.
 */
class FileSourceLastGoodTest extends WatchedDirectory {

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
            () ->
                assertThat(sink.problems().toString())
                    .contains("has no document any more", "Remove the file"));
    assertThat(everMissed("a")).isFalse();
    write("a.yaml", "service a 10.0.0.2\n");
    awaitService("a", "10.0.0.2");
    awaitProblems();
  }

  @Test
  void aFileOfWhichOnlyCommentsAreLeftIsTakenForAnEmptyOne() throws Exception {
    write("a.yaml", "# What follows is being written.\nservice a 10.0.0.1\n");
    start(directory);
    write("a.yaml", "# What follows is being written.\n");
    await()
        .untilAsserted(
            () -> assertThat(sink.problems().toString()).contains("has no document any more"));
    assertThat(everMissed("a")).isFalse();
    Files.delete(directory.resolve("a.yaml"));
    awaitService("a");
    awaitProblems();
  }

  @Test
  void aFileThatIsWrittenInPlaceCountsOnceItIsQuiet() throws Exception {
    write("a.yaml", "service a 10.0.0.1\nservice b 10.0.0.1\n");
    start(SETTLING_SLOWLY, directory);
    write("a.yaml", "service a 10.0.0.2\n");
    write("marker.yaml", "service marker 10.0.0.9\n");
    awaitService("marker", "10.0.0.9");
    write("a.yaml", "service a 10.0.0.2\nservice b 10.0.0.2\n");
    awaitService("b", "10.0.0.2");
    assertThat(everMissed("b")).isFalse();
  }

  @Test
  void aTextWithoutAFinalNewlineCountsOnceItStaysTheSame() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    write("a.yaml", "service a 10.0.0.2");
    awaitService("a", "10.0.0.2");
  }

  @Test
  void aNewFileInSeveralWritesIsNotTakenForAShorterOne() throws Exception {
    start(SETTLING_SLOWLY, directory);
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
  void aLinkToNothingKeepsItsDocuments() throws Exception {
    Path target = temporary.resolve("target.yaml");
    Files.writeString(target, "service a 10.0.0.1\n");
    Files.createSymbolicLink(directory.resolve("a.yaml"), target);
    start(BY_LOOKING, directory);
    Files.delete(target);
    await().untilAsserted(() -> assertThat(sink.problems().toString()).contains("is a link to"));
    assertThat(everMissed("a")).isFalse();
  }

  @Test
  void aLinkThatLeadsToItselfKeepsItsDocuments() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    start(directory);
    Files.createSymbolicLink(directory.resolve("loop"), Path.of("a.yaml"));
    Files.move(
        directory.resolve("loop"), directory.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
    await()
        .untilAsserted(() -> assertThat(sink.problems().toString()).contains("could not be read"));
    assertThat(everMissed("a")).isFalse();
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
  void whatTheReaderFailsOnIsTriedAgainAndHoldsUpNothingElse() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    FailingReader reader = new FailingReader();
    start(reader, BY_LOOKING, directory);
    write("a.yaml", "service a FAIL");
    await().until(() -> reader.failures() > 1);
    write("b.yaml", "service b 10.0.0.2\n");
    awaitService("b", "10.0.0.2");
    assertThat(Facts.addresses(sink.image().catalog(), "a")).containsExactly("10.0.0.1");
    reader.mend();
    awaitService("a", "FAIL");
  }

  @Test
  void whatTheReaderFailsOnAtTheStartIsNamedAndHoldsUpTheStart() throws Exception {
    write("a.yaml", "service a FAIL\n");
    write("b.yaml", "service b 10.0.0.2\n");
    FailingReader reader = new FailingReader();
    begin(sink, reader, BY_LOOKING, directory);
    awaitStarting("the file " + directory.resolve("a.yaml") + " could not be taken in");
    reader.mend();
    awaitService("a", "FAIL");
    awaitService("b", "10.0.0.2");
    awaitProblems();
  }

  @Test
  void whatTheReaderFailsOnIsNotTriedWithoutAPause() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    FailingReader reader = new FailingReader();
    start(reader, BY_EVENTS, directory);
    write("a.yaml", "service a FAIL");
    await().until(() -> reader.failures() > 0);
    for (int i = 0; i < 10; i++) {
      write("b.yaml", "service b 10.0.0." + i + "\n");
      awaitService("b", "10.0.0." + i);
    }
    // No more than the events of the eleven writes cause.
    assertThat(reader.failures()).isLessThan(100);
  }
}
