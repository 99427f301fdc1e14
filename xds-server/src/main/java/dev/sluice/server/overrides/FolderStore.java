package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Directories of documents: a file for each InstanceOverride, in the directory in which the
 * service's other documents are, else in the first; one that may not be written is passed over
 * where there is another.
 *
 * <p>A file comes into its place by a rename, so that whoever reads it sees all of it. Until then
 * its name begins with a dot, which the source passes over.
 */
public final class FolderStore implements OverrideStore {
  private final SourceName source;
  private final List<Path> roots;
  private final DocumentReader reader;

  /**
   * A store in directories that a source watches.
   *
   * @param roots at least one
   */
  public FolderStore(SourceName source, List<Path> roots, DocumentReader reader) {
    this.source = source;
    this.roots = List.copyOf(roots);
    this.reader = reader;
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("no directory of " + source);
    }
  }

  @Override
  public SourceName source() {
    return source;
  }

  @Override
  public String place(DocumentKey key, Optional<InstanceOverride> before, Optional<String> beside) {
    return path(key, before, beside).toString();
  }

  private Path path(DocumentKey key, Optional<InstanceOverride> before, Optional<String> beside) {
    return before.map(FolderStore::file).orElseGet(() -> path(key, beside));
  }

  private Path path(DocumentKey key, Optional<String> beside) {
    Stream<Path> near =
        roots.stream()
            .filter(it -> beside.filter(file -> Path.of(file).startsWith(it)).isPresent());
    List<Path> inOrder = Stream.concat(near, roots.stream()).toList();
    Path root =
        inOrder.stream()
            .filter(it -> Files.isDirectory(it) && Files.isWritable(it))
            .findFirst()
            .orElse(inOrder.getFirst());
    return root.resolve(key.name() + "." + key.namespace() + ".yaml");
  }

  @Override
  public Drain write(Drain drain, Optional<InstanceOverride> before, Optional<String> beside) {
    Path file = path(drain.key(), before, beside);
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    if (!Files.isDirectory(folder)) {
      throw new RefusedException(
          Why.STORE,
          "%s is no directory, so no file can be written beside the service's documents; watch a"
                  .formatted(folder)
              + " directory (sources.files), or name another source with --source");
    }
    try {
      check(file, drain.key());
      Path unfinished = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
      try {
        write(unfinished, drain.yaml());
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException | UncheckedIOException e) {
      throw refused("write", file, e);
    }
    return drain;
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** A file that is not there may be written. */
  private void check(Path file, DocumentKey key) throws IOException {
    try {
      Sole.check(file.toString(), Files.readString(file), key, reader);
    } catch (NoSuchFileException e) {
      return;
    }
  }

  @Override
  public List<InstanceOverride> drains(String namespace, Collection<InstanceOverride> known) {
    Set<Path> files = new LinkedHashSet<>();
    known.forEach(it -> files.add(file(it)));
    SortedMap<DocumentKey, InstanceOverride> drains = new TreeMap<>();
    for (Path root : roots) {
      files.addAll(files(root, namespace));
    }
    for (Path file : files) {
      try {
        Sole.drains(file.toString(), Files.readString(file), reader).stream()
            .filter(it -> it.key().namespace().equals(namespace))
            .forEach(it -> drains.putIfAbsent(it.key(), it));
      } catch (NoSuchFileException _) {
        // It was removed meanwhile.
      } catch (IOException | UncheckedIOException e) {
        throw refused("read", file, e);
      }
    }
    return List.copyOf(drains.values());
  }

  private List<Path> files(Path root, String namespace) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(root, file -> isDrain(file, namespace))) {
      List<Path> files = new ArrayList<>();
      found.forEach(files::add);
      files.sort(Comparator.naturalOrder());
      return files;
    } catch (IOException | DirectoryIteratorException e) {
      throw refused("read", root, e);
    }
  }

  private static boolean isDrain(Path file, String namespace) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(DrainName.BEGIN) && name.endsWith("." + namespace + ".yaml");
  }

  @Override
  public Removal remove(InstanceOverride written) {
    Path file = file(written);
    try {
      check(file, written.key());
      return Files.deleteIfExists(file) ? Removal.REMOVED : Removal.GONE_ALREADY;
    } catch (IOException | UncheckedIOException e) {
      throw refused("remove", file, e);
    }
  }

  private static Path file(InstanceOverride document) {
    return Path.of(document.origin().start().file());
  }

  private RefusedException refused(String verb, Path file, Exception e) {
    return new RefusedException(
        Why.STORE,
        "%s: cannot %s %s: %s; let the server's user write there, or name another source with --source"
            .formatted(source, verb, file, IoWords.of(e)));
  }

  @Override
  public void close() {
    // Nothing is open between two writes.
  }
}
