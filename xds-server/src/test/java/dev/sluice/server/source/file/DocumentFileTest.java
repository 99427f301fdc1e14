package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Problem;
import dev.sluice.server.source.Facts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentFileTest extends WatchedDirectory {

  @Test
  void theFilesAreThoseThatTheSourceReads() throws IOException {
    Files.createDirectories(directory.resolve("sub/.git"));
    List<String> names =
        List.of("a.yaml", "B.YML", "sub/c.json", "D.Json", "e.txt", ".f.yaml", "sub/.git/g.yaml");
    for (String name : names) {
      write(name, "service " + Path.of(name).getFileName() + " 10.0.0.1\n");
    }
    write("named.txt", "service named 10.0.0.1\n");
    Files.createSymbolicLink(directory.resolve("sub/again"), directory);
    Path[] paths = {directory, directory.resolve("named.txt"), directory.resolve("a.yaml")};
    start(paths);

    List<DocumentFile> files = DocumentFile.read(List.of(paths), new LineReader());

    assertThat(files)
        .extracting(file -> directory.relativize(Path.of(file.name())).toString())
        .containsExactly("B.YML", "D.Json", "a.yaml", "named.txt", "sub/c.json");
    assertThat(files.stream().flatMap(file -> file.reading().items().stream()))
        .extracting(item -> Facts.id(item.document().orElseThrow().metadata().name()))
        .containsExactlyInAnyOrderElementsOf(sink.image().catalog().services().keySet());
  }

  @Test
  void aFileThatCannotBeReadIsAProblemBesideTheOthers() throws IOException {
    write("a.yaml", "service a 10.0.0.1\n");
    Files.write(directory.resolve("b.yaml"), "service b ä\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.createSymbolicLink(directory.resolve("c.yaml"), Path.of("nothing.yaml"));

    List<DocumentFile> files = DocumentFile.read(List.of(directory), new LineReader());

    assertThat(files).hasSize(3);
    assertThat(files.stream().flatMap(file -> file.reading().problems().stream()))
        .extracting(Problem::toString)
        .containsExactly(
            directory.resolve("b.yaml") + " $: the file is not UTF-8; save it in that encoding",
            directory.resolve("c.yaml")
                + " $: the file is a link to a file that does not exist; mend or remove the link");
  }
}
