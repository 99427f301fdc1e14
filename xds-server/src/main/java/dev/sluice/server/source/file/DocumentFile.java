package dev.sluice.server.source.file;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.file.Contents.Gone;
import dev.sluice.server.source.file.Contents.Text;
import dev.sluice.server.source.file.Contents.Unreadable;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.DocumentReader.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file of documents, read once: for commands that say what a {@link FileSource} would.
 *
 * @param name how problems name it
 * @param reading what it holds; nothing but a problem where it cannot be read
 */
public record DocumentFile(String name, Reading reading) {
  /**
   * Reads the files that a {@link FileSource} of the same paths reads, and besides the paths that
   * are neither files nor directories, such as pipes.
   *
   * @param paths files and directories
   * @return the files, and directories that could not be listed with the problem; sorted by name
   */
  public static List<DocumentFile> read(List<Path> paths, DocumentReader reader) {
    Listing listing = Listing.of(paths, _ -> {});
    SortedMap<String, Path> all = new TreeMap<>(listing.files());
    paths.stream().filter(DocumentFile::isSpecial).forEach(path -> all.put(path.toString(), path));
    List<DocumentFile> files = new ArrayList<>();
    all.forEach((name, path) -> files.add(read(name, path, reader)));
    listing
        .unknown()
        .forEach(
            (path, why) -> {
              if (!isSpecial(path)) {
                files.add(unreadable(path.toString(), "the directory " + why));
              }
            });
    return List.copyOf(files);
  }

  private static boolean isSpecial(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  private static DocumentFile read(String name, Path path, DocumentReader reader) {
    return switch (Contents.read(path, FileSource.Options.DEFAULT.maxBytes())) {
      case Text(String text) -> new DocumentFile(name, reader.read(name, text));
      case Unreadable(String why) -> unreadable(name, "the file " + why);
      case Gone() -> unreadable(name, "the file is gone; run the command again");
    };
  }

  private static DocumentFile unreadable(String name, String why) {
    Problem problem = Problem.error(Location.ofFile(name), "$", why);
    return new DocumentFile(name, new Reading(List.of(), false, List.of(problem)));
  }
}
