package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder of documents that a server watches. */
final class DocumentFolder {
  private final Path staging;
  private final Path documents;

  /** An empty one within {@code folder}, which is empty too. */
  DocumentFolder(Path folder) {
    try {
      staging = Files.createDirectories(folder.resolve("staging"));
      documents = Files.createDirectories(folder.resolve("documents"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path() {
    return documents;
  }

  /**
   * Writes a document as editors do: whole, by a rename. Gives when, in {@link System#nanoTime}.
   */
  long save(String file, String text) {
    try {
      Path written = Files.writeString(staging.resolve(file), text);
      long now = System.nanoTime();
      Files.move(written, documents.resolve(file), StandardCopyOption.ATOMIC_MOVE);
      return now;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String file) {
    try {
      Files.delete(documents.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
