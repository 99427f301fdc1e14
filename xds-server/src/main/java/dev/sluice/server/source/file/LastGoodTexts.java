package dev.sluice.server.source.file;

import dev.sluice.server.files.WholeFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last text of each file from which all documents were good, kept over restarts; confined to
 * the source's thread.
 *
 * <p>One file a text, named after the hash of the watched file's path: a line with the format, one
 * with the path, one with the time, then the text. What is written replaces by a rename.
 */
final class LastGoodTexts {

  private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);
  private static final String FORMAT = "sluice last good 1";
  private static final String SUFFIX = ".lastgood";

  private final @Nullable Path directory;
  private final Map<Path, Optional<Kept>> unwritten = new LinkedHashMap<>();

  /** The revisions of the texts that are in the directory, as far as they are known. */
  private final Map<Path, String> written = new HashMap<>();

  private boolean failing;

  /**
   * A text that was good as a whole.
   *
   * @param text what the file held
   * @param readAt when it was read first
   */
  record Kept(String text, Instant readAt) {
    /** Names the revision: the begin of the SHA-256 of its text, as {@code sha256sum} tells it. */
    String revision() {
      return Sha256.hex(text).substring(0, 12);
    }
  }

  private LastGoodTexts(@Nullable Path directory) {
    this.directory = directory;
  }

  /** Keeps nothing. */
  static LastGoodTexts nowhere() {
    return new LastGoodTexts(null);
  }

  /**
   * Keeps texts in a directory, which is made where there is none.
   *
   * @throws IOException when it cannot be written to; the message names it and says what to do
   */
  static LastGoodTexts in(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "probe", ".tmp"));
    } catch (IOException e) {
      throw new IOException(
          "the state directory "
              + directory
              + " cannot be written to by this process ("
              + e
              + "); give it the permission or name another directory",
          e);
    }
    return new LastGoodTexts(directory);
  }

  /** Whether texts outlive the process. */
  boolean areKept() {
    return directory != null;
  }

  /** The text that is kept of {@code file}, if one is and can be read. */
  Optional<Kept> of(Path file) {
    if (directory == null) {
      return Optional.empty();
    }
    try {
      String[] lines = Files.readString(copy(directory, file)).split("\n", 4);
      if (lines.length == 4 && lines[0].equals(FORMAT)) {
        Kept kept = new Kept(lines[3], Instant.parse(lines[2]));
        written.put(file, kept.revision());
        return Optional.of(kept);
      }
      LOG.warn("{} is not of this version and is not used", copy(directory, file));
    } catch (NoSuchFileException e) {
      LOG.debug("nothing is kept of {}", file);
    } catch (CharacterCodingException | DateTimeException e) {
      LOG.warn("{} is damaged and is not used", copy(directory, file), e);
    } catch (IOException e) {
      LOG.warn("{} cannot be read and is not used", copy(directory, file), e);
    }
    return Optional.empty();
  }

  /** Whether the text of any file below {@code root} is kept. */
  boolean keepsBelow(Path root) {
    if (directory == null) {
      return false;
    }
    String below = line(root.resolve("x"));
    String prefix = below.substring(0, below.length() - 1);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path copy : all) {
        String[] lines = Files.readString(copy, StandardCharsets.ISO_8859_1).split("\n", 3);
        if (lines.length == 3 && lines[0].equals(FORMAT) && utf8(lines[1]).startsWith(prefix)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("what is kept in {} cannot be read", directory, e);
    }
    return false;
  }

  /** The text whose bytes were taken for characters, so that damage elsewhere does not count. */
  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /**
   * Keeps {@code text} of {@code file}, at the next {@link #write}; one that is kept already stays
   * with its time.
   */
  void keep(Path file, String text, Instant readAt) {
    if (directory == null) {
      return;
    }
    Kept kept = new Kept(text, readAt);
    if (kept.revision().equals(written.get(file))) {
      unwritten.remove(file);
    } else {
      unwritten.put(file, Optional.of(kept));
    }
  }

  /** Keeps nothing of {@code file} any more, from the next {@link #write} on. */
  void forget(Path file) {
    if (directory != null) {
      written.remove(file);
      unwritten.put(file, Optional.empty());
    }
  }

  /** Forgets every file but these, at once. */
  void retain(Collection<Path> files) {
    if (directory == null) {
      return;
    }
    Path in = directory;
    Set<Path> wanted = files.stream().map(file -> copy(in, file)).collect(Collectors.toSet());
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path copy : all) {
        if (!wanted.contains(copy)) {
          Files.delete(copy);
          written.keySet().removeIf(file -> copy(in, file).equals(copy));
        }
      }
    } catch (IOException e) {
      LOG.warn("what is no longer watched could not be removed from {}", directory, e);
    }
  }

  /** Writes what is not written yet; what fails is tried again at the next call. */
  void write() {
    if (directory == null || unwritten.isEmpty()) {
      return;
    }
    try {
      for (Path file : Set.copyOf(unwritten.keySet())) {
        Optional<Kept> text = unwritten.getOrDefault(file, Optional.empty());
        write(copy(directory, file), file, text);
        text.ifPresent(kept -> written.put(file, kept.revision()));
        unwritten.remove(file);
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.error("last good texts cannot be kept in {}; it is tried again", directory, e);
      }
      failing = true;
    }
  }

  private static void write(Path copy, Path file, Optional<Kept> text) throws IOException {
    if (text.isEmpty()) {
      Files.deleteIfExists(copy);
      return;
    }
    Kept kept = text.get();
    String all = String.join("\n", FORMAT, line(file), kept.readAt().toString(), kept.text());
    WholeFile.write(copy, all.getBytes(StandardCharsets.UTF_8));
  }

  private static Path copy(Path directory, Path file) {
    return directory.resolve(Sha256.hex(absolute(file)).substring(0, 32) + SUFFIX);
  }

  /** The path as the copy's second line has it. */
  private static String line(Path file) {
    return absolute(file).replaceAll("\\p{Cntrl}", "?");
  }

  private static String absolute(Path file) {
    return file.toAbsolutePath().normalize().toString();
  }
}
