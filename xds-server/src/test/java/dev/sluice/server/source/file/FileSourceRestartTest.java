package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.source.Facts;
import dev.sluice.server.source.RecordingSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a source that keeps its last good texts knows after a restart. */
class FileSourceRestartTest extends WatchedDirectory {
  private Path kept = Path.of("");

  @BeforeEach
  void keepTexts() {
    kept = temporary.resolve("state/files");
    state = kept;
  }

  @Test
  void aDocumentThatIsWrongAtTheStartStaysAsItWas() throws Exception {
    write("a.yaml", "service a 10.0.0.1\nservice b 10.0.0.1\n");
    runOnce();
    write("a.yaml", "service a !\nservice b 10.0.0.2\n");
    start(directory);
    assertThat(addresses("a")).containsExactly("10.0.0.1");
    assertThat(addresses("b")).containsExactly("10.0.0.2");
    awaitProblems(directory.resolve("a.yaml") + ":1:1 $: a is not valid");
    write("a.yaml", "service a 10.0.0.3\nservice b 10.0.0.2\n");
    awaitService("a", "10.0.0.3");
    awaitProblems();
  }

  @Test
  void aFileThatCannotBeReadOrDoesNotParseAtTheStartKeepsItsDocuments() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    write("b.yaml", "service b 10.0.0.1\n");
    runOnce();
    Files.delete(directory.resolve("a.yaml"));
    Files.createSymbolicLink(directory.resolve("a.yaml"), temporary.resolve("nowhere"));
    write("b.yaml", "{\n");
    start(directory);
    assertThat(addresses("a")).containsExactly("10.0.0.1");
    assertThat(addresses("b")).containsExactly("10.0.0.1");
    assertThat(sink.problems()).hasSize(2);
  }

  @Test
  void onlyATextThatIsGoodAsAWholeIsKept() throws Exception {
    write("a.yaml", "service a 10.0.0.1\nservice b 10.0.0.1\n");
    runOnce();
    write("a.yaml", "service a 10.0.0.2\nservice b !\n");
    runOnce();
    write("a.yaml", "service a !\nservice b !\n");
    start(directory);
    assertThat(addresses("a")).containsExactly("10.0.0.1");
    assertThat(addresses("b")).containsExactly("10.0.0.1");
  }

  @Test
  void whatWasRemovedWhileNobodyLookedStaysAway() throws Exception {
    write("a.yaml", "service a 10.0.0.1\nservice b 10.0.0.1\n");
    write("c.yaml", "service c 10.0.0.1\n");
    runOnce();
    write("a.yaml", "service a 10.0.0.1\n");
    Files.delete(directory.resolve("c.yaml"));
    start(directory);
    assertThat(sink.images().getFirst().catalog().services().keySet())
        .containsExactly(Facts.id("a"));
  }

  @Test
  void anEmptyDirectoryOfWhichTextsAreKeptIsWaitedFor() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    runOnce();
    Files.move(directory, temporary.resolve("volume"));
    Files.createDirectory(directory);
    begin(BY_EVENTS, directory);
    awaitStarting("the directory " + directory + " is empty and held documents");
    assertThat(copies()).hasSize(1);
    Files.move(temporary.resolve("volume/a.yaml"), directory.resolve("a.yaml"));
    awaitService("a", "10.0.0.1");
    Files.delete(directory.resolve("a.yaml"));
    await().untilAsserted(() -> assertThat(copies()).isEmpty());
    start(new RecordingSink(), new LineReader(), BY_EVENTS, directory);
  }

  @Test
  void aTextThatIsKeptIsNotWrittenAgain() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    runOnce();
    String first = Files.readString(copies().getFirst());
    FileTime written = Files.getLastModifiedTime(copies().getFirst());
    runOnce();
    assertThat(Files.readString(copies().getFirst())).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(copies().getFirst())).isEqualTo(written);
    write("a.yaml", "service a 10.0.0.2\n");
    runOnce();
    assertThat(Files.readString(copies().getFirst())).contains("10.0.0.2");
  }

  @Test
  void whatTheReaderFailsOnAtTheStartStaysAsItWas() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    runOnce();
    write("a.yaml", "service a FAIL\n");
    FailingReader reader = new FailingReader();
    start(reader, BY_LOOKING, directory);
    assertThat(addresses("a")).containsExactly("10.0.0.1");
    assertThat(sink.problems().toString()).contains("could not be taken in");
    reader.mend();
    awaitService("a", "FAIL");
    awaitProblems();
  }

  @Test
  void nothingIsKeptOfFilesThatAreGone() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    write("b.yaml", "service b 10.0.0.1\n");
    write("c.yaml", "service c 10.0.0.1\n");
    runOnce();
    assertThat(copies()).hasSize(3);
    Files.delete(directory.resolve("c.yaml"));
    start(directory);
    await().untilAsserted(() -> assertThat(copies()).hasSize(2));
    Files.delete(directory.resolve("b.yaml"));
    await().untilAsserted(() -> assertThat(copies()).hasSize(1));
  }

  @Test
  void aDamagedCopyIsNotUsed() throws Exception {
    write("a.yaml", "service a 10.0.0.1\n");
    runOnce();
    Files.write(copies().getFirst(), new byte[] {(byte) 0xC3, 0, 0});
    write("a.yaml", "service a !\n");
    start(directory);
    assertThat(sink.image().catalog().services()).isEmpty();
  }

  @Test
  void aStateDirectoryThatCannotBeMadeIsToldAtOnce() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> LastGoodTexts.in(file.resolve("state")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the state directory " + file.resolve("state"));
  }

  /** A server that starts, and stops once it has kept all there is to keep. */
  private void runOnce() {
    RecordingSink first = new RecordingSink();
    start(first, new LineReader(), BY_EVENTS, directory);
    await().until(() -> first.status() != null);
    close(); // Waits for the end of the look, and so for the writing.
  }

  private List<String> addresses(String service) {
    return Facts.addresses(sink.image().catalog(), service);
  }

  private List<Path> copies() {
    try (Stream<Path> all = Files.list(kept)) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
