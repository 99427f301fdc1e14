package dev.sluice.server.overrides;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class IoWordsTest {
  @Test
  void noClassIsNamed() {
    assertThat(IoWords.of(new IOException("No space left on device")))
        .isEqualTo("No space left on device");
    assertThat(IoWords.of(new FileSystemException("a", null, "Read-only file system")))
        .isEqualTo("Read-only file system");
    assertThat(IoWords.of(new AccessDeniedException("a"))).isEqualTo("it is not permitted");
    assertThat(IoWords.of(new NoSuchFileException("a"))).isEqualTo("a is not there");
  }
}
