package dev.sluice.server.source.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The files under some paths that may hold documents.
 *
 * <p>Directories are read with those below them, links followed. Names that begin with a dot are
 * left out: editors' backups, and the {@code ..data} and {@code ..2026_01_01…} directories of a
 * mounted ConfigMap, whose files are seen by the links beside them.
 */
final class Listing {

  private static final String ABSENT = "does not exist; it is read as soon as it is made";
  private static final String FORBIDDEN =
      "may not be listed by this process; give it the permission to read and to enter it";

  private final Consumer<Path> beforeListing;
  private final Set<Path> visited = new HashSet<>();
  private final Set<Path> identities = new HashSet<>();
  private final SortedMap<String, Path> files = new TreeMap<>();
  private final Set<Path> directories = new HashSet<>();
  private final SortedMap<Path, String> unknown = new TreeMap<>();

  private Listing(Consumer<Path> beforeListing) {
    this.beforeListing = beforeListing;
  }

  /**
   * Lists what is there now.
   *
   * @param roots files and directories
   * @param beforeListing called with each directory before it is listed, so that a watch which is
   *     begun there misses nothing
   */
  static Listing of(List<Path> roots, Consumer<Path> beforeListing) {
    Listing listing = new Listing(beforeListing);
    for (Path root : roots) {
      if (Files.isRegularFile(root)) {
        listing.file(root);
      } else if (Files.isDirectory(root)) {
        listing.directory(root, root);
      } else if (!hasDocumentName(root)) {
        listing.unknown.put(root, Files.notExists(root) ? ABSENT : FORBIDDEN);
      }
    }
    return listing;
  }

  /** Whether a file of that name in a watched directory is read. */
  static boolean hasDocumentName(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  /** The files, by how they are named to the user. */
  SortedMap<String, Path> files() {
    return files;
  }

  /** The directories that were listed. */
  Set<Path> directories() {
    return directories;
  }

  /** Directories of which nothing can be said, and why: what was read below them stays. */
  SortedMap<Path, String> unknown() {
    return unknown;
  }

  /** Takes {@code root}, which was listed, for a directory of which nothing can be said. */
  void doubt(Path root, String why) {
    unknown.put(root, why);
  }

  /** Whether no file was found at or below {@code root}. */
  boolean isEmptyBelow(Path root) {
    return files.values().stream().noneMatch(file -> file.startsWith(root));
  }

  /** Whether there is a directory below {@code root} of which nothing can be said. */
  boolean mayHoldBelow(Path root) {
    return unknown.keySet().stream().anyMatch(path -> path.startsWith(root));
  }

  /** Whether {@code file}, which is not listed, may be there all the same. */
  boolean mayHold(Path file) {
    return unknown.keySet().stream().anyMatch(file::startsWith);
  }

  private void file(Path file) {
    if (identities.add(file.toAbsolutePath().normalize())) {
      files.put(file.toString(), file);
    }
  }

  private void directory(Path directory, Path root) {
    try {
      if (!visited.add(directory.toRealPath())) {
        return;
      }
      beforeListing.accept(directory);
      directories.add(directory);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          entry(entry, root);
        }
      }
    } catch (NoSuchFileException e) {
      if (directory.equals(root)) {
        unknown.put(directory, ABSENT);
      }
    } catch (AccessDeniedException e) {
      unknown.put(directory, FORBIDDEN);
    } catch (IOException | DirectoryIteratorException e) {
      unknown.put(directory, "could not be listed (" + e + ")");
    }
  }

  private void entry(Path entry, Path root) throws AccessDeniedException {
    if (String.valueOf(entry.getFileName()).startsWith(".")) {
      return;
    }
    if (Files.isDirectory(entry)) {
      directory(entry, root);
    } else if (!isThere(entry)) {
      // A link that leads nowhere is told of by whoever reads it.
      if (hasDocumentName(entry) && Files.isSymbolicLink(entry)) {
        file(entry);
      }
    } else if (hasDocumentName(entry) && Files.isRegularFile(entry)) {
      file(entry);
    }
  }

  /**
   * Whether there is something that {@code entry} leads to.
   *
   * @throws AccessDeniedException when its directory may be listed and not entered, so that a file
   *     in it would look like none
   */
  private static boolean isThere(Path entry) throws AccessDeniedException {
    if (Files.exists(entry)) {
      return true;
    }
    if (!Files.exists(entry, LinkOption.NOFOLLOW_LINKS)
        && !Files.notExists(entry, LinkOption.NOFOLLOW_LINKS)) {
      throw new AccessDeniedException(entry.toString());
    }
    return false;
  }
}
