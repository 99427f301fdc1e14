package dev.sluice.server.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Directories of documents. */
final class Folders {
  private Folders() {}

  /** The texts of the YAML files in a directory by file name. */
  static SortedMap<String, String> read(Path folder) throws IOException, DemoException {
    SortedMap<String, String> texts = new TreeMap<>();
    for (Path file : list(folder)) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(".yaml")) {
        texts.put(name, Files.readString(file));
      }
    }
    return texts;
  }

  private static List<Path> list(Path folder) throws IOException, DemoException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new DemoException(folder + " is no directory; it has the documents of the demo");
    }
  }

  /** Writes texts into a directory that is made if it is missing and must be empty if not. */
  static void write(Path folder, SortedMap<String, String> texts)
      throws IOException, DemoException {
    if (Files.isRegularFile(folder)) {
      throw new DemoException(folder + " is a file; name a directory");
    }
    Files.createDirectories(folder);
    if (!list(folder).isEmpty()) {
      throw new DemoException(folder + " is not empty; name a new directory");
    }
    for (var file : texts.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /** When a document in the directory was last saved; the epoch when there is none. */
  static Instant savedAt(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
          .map(Folders::modified)
          .max(Comparator.naturalOrder())
          .orElse(Instant.EPOCH);
    } catch (IOException e) {
      return Instant.EPOCH; // Being removed under our hands.
    }
  }

  private static Instant modified(Path file) {
    try {
      FileTime time = Files.getLastModifiedTime(file);
      return time.toInstant();
    } catch (IOException e) {
      return Instant.EPOCH; // Gone since it was listed: an editor's draft.
    }
  }

  /** Removes a directory with all that is in it, as far as that can be done. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(Folders::deleteOne);
    } catch (IOException | UncheckedIOException e) {
      // What is gone already needs no deletion.
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A temporary file that stays harms nobody.
    }
  }
}
