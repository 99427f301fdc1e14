package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.source.file.Contents.Gone;
import dev.sluice.server.source.file.Contents.Text;
import dev.sluice.server.source.file.Contents.Unreadable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentsTest {
  @TempDir Path directory;

  @Test
  void aTextIsReadWithoutItsByteOrderMark() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), "\uFEFFkind: A\n");

    assertThat(Contents.read(file, 100)).isEqualTo(new Text("kind: A\n"));
  }

  @Test
  void aFileThatIsNotThereIsGone() {
    assertThat(Contents.read(directory.resolve("a.yaml"), 100)).isEqualTo(new Gone());
  }

  @Test
  void aFileThatMayNotBeReadNeedsThePermission() {
    Path file = directory.resolve("a.yaml");

    // Made here, because a test that root runs is refused nothing.
    Contents contents = Contents.failed(file, new AccessDeniedException(file.toString()));

    assertThat(contents)
        .isEqualTo(new Unreadable("may not be read by this process; give it the permission"));
  }

  @Test
  void anyOtherFailureIsToldInItsOwnWords() throws IOException {
    Path loop = directory.resolve("a.yaml");
    Files.createSymbolicLink(loop, loop);

    assertThat(Contents.read(loop, 100))
        .isInstanceOfSatisfying(
            Unreadable.class,
            unreadable -> assertThat(unreadable.why()).startsWith("could not be read: " + loop));
  }
}
