package dev.sluice.server.source.secret;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.server.source.CertificateLife;
import dev.sluice.server.source.SecretTexts;
import dev.sluice.server.source.SecretTexts.UnusableException;
import dev.sluice.source.SourceEntry.OfSecret;
import dev.sluice.source.SourceEntry.SecretKey;
import dev.sluice.source.SourceUpdate;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all folders of secrets; confined to the source's thread.
 *
 * <p>Last good wins. Files are replaced one after the other, so what is wrong has to be there, as
 * it is, at two looks to be told, and what is gone has to be gone at two.
 */
final class SecretScan {

  private final List<Path> roots;
  private final SortedMap<SecretId, Tracked> tracked = new TreeMap<>();

  /** The directories that held folders, by which they were when they did. */
  private final Map<Path, Optional<Object>> holders = new HashMap<>();

  /** What is known of one secret. */
  private static final class Tracked {
    private final Path folder;
    private @Nullable SecretTexts seen;
    private @Nullable TlsSecret told;
    private Optional<String> wrong = Optional.empty();
    private boolean wasWrong;
    private boolean wasGone;

    Tracked(Path folder) {
      this.folder = folder;
    }
  }

  /**
   * What a look found.
   *
   * @param updates what differs from the look before
   * @param problems all that is wrong now
   * @param unknown directories of which it is not known what they hold, and why
   */
  record Look(
      List<SourceUpdate> updates, List<Problem> problems, SortedMap<Path, String> unknown) {}

  SecretScan(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /** Looks at everything. */
  Look look(Instant now) {
    SortedMap<Path, String> unknown = new TreeMap<>();
    SortedMap<SecretId, Path> folders = new TreeMap<>();
    Set<Path> all = new HashSet<>();
    List<Problem> problems = new ArrayList<>();
    for (Path root : roots) {
      misplaced(root, problems);
      for (Path namespace : held(root, unknown)) {
        misplaced(namespace, problems);
        for (Path folder : held(namespace, unknown)) {
          SecretId id = new SecretId(name(folder), name(namespace));
          all.add(folder);
          Path first = folders.putIfAbsent(id, folder);
          if (first != null) {
            problems.add(problem(folder, "is hidden by " + first + "; keep one of the two"));
          }
        }
      }
    }
    List<SourceUpdate> updates = new ArrayList<>();
    folders.forEach(
        (id, folder) -> {
          Tracked before = tracked.get(id);
          if (before == null || all.contains(before.folder) || isGone(before, unknown)) {
            look(id, folder, now, updates);
          }
        });
    removeGone(folders.keySet(), unknown, updates);
    tracked.values().forEach(one -> problems.addAll(problems(one, now)));
    return new Look(updates, problems, unknown);
  }

  private void look(SecretId id, Path folder, Instant now, List<SourceUpdate> updates) {
    Tracked one = tracked.get(id);
    if (one == null || !one.folder.equals(folder)) {
      Tracked before = one;
      one = new Tracked(folder);
      one.told = before == null ? null : before.told;
      tracked.put(id, one);
    }
    one.wasGone = false;
    try {
      SecretTexts files = SecretFolder.read(folder);
      if (!files.equals(one.seen) || one.wrong.isPresent()) {
        one.seen = files;
        take(id, one, files, now, updates);
      }
    } catch (UnusableException e) {
      wrong(one, e);
    }
  }

  private static void take(
      SecretId id, Tracked one, SecretTexts files, Instant now, List<SourceUpdate> updates)
      throws UnusableException {
    TlsSecret secret = CertificateLife.next(id, files, Optional.ofNullable(one.told), now);
    one.wrong = Optional.empty();
    one.wasWrong = false;
    if (!secret.equals(one.told)) {
      one.told = secret;
      updates.add(new SourceUpdate.Upsert(new OfSecret(secret)));
    }
  }

  private static void wrong(Tracked one, UnusableException why) {
    Optional<String> words = Optional.of(String.valueOf(why.getMessage()));
    one.wasWrong = one.wrong.equals(words);
    one.wrong = words;
  }

  private void removeGone(
      Set<SecretId> there, SortedMap<Path, String> unknown, List<SourceUpdate> updates) {
    for (SecretId id : List.copyOf(tracked.keySet())) {
      if (there.contains(id)) {
        continue;
      }
      Tracked one = Objects.requireNonNull(tracked.get(id));
      if (isGone(one, unknown)) {
        tracked.remove(id);
        if (one.told != null) {
          updates.add(new SourceUpdate.Remove(new SecretKey(id)));
        }
      }
    }
  }

  /** Whether it was gone at the look before too, of a folder that this look did not find. */
  private static boolean isGone(Tracked one, SortedMap<Path, String> unknown) {
    if (unknown.keySet().stream().anyMatch(one.folder::startsWith)) {
      return false;
    }
    boolean again = one.wasGone;
    one.wasGone = true;
    return again;
  }

  private static List<Problem> problems(Tracked one, Instant now) {
    List<Problem> problems = new ArrayList<>();
    if (one.wasWrong) {
      one.wrong.ifPresent(
          why ->
              problems.add(
                  problem(
                      one.folder,
                      why + (one.told == null ? "" : "; what was there before stays in use"))));
    }
    Optional.ofNullable(one.told)
        .flatMap(told -> CertificateLife.problem(place(one.folder), told, now))
        .ifPresent(problems::add);
    return problems;
  }

  private static Location place(Path folder) {
    return Location.ofFile(folder.toString());
  }

  private static Problem problem(Path folder, String why) {
    return Problem.error(place(folder), "$", "the secret " + why);
  }

  /** Whoever leaves out the namespace, or names a directory too deep, would wait in vain. */
  private static void misplaced(Path directory, List<Problem> problems) {
    for (String file : SecretFolder.FILES) {
      if (Files.isRegularFile(directory.resolve(file))) {
        problems.add(
            Problem.error(
                Location.ofFile(directory.resolve(file).toString()),
                "$",
                "stands where no secret is looked for: the layout is NAMESPACE/NAME/" + file));
        return;
      }
    }
  }

  private static String name(Path folder) {
    return String.valueOf(folder.getFileName());
  }

  /**
   * The folders within one. Those that begin with a dot are of those who write them, and one is of
   * the file system.
   */
  private static List<Path> folders(Path in, SortedMap<Path, String> unknown) {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(in)) {
      for (Path entry : entries) {
        boolean named = !name(entry).startsWith(".") && !name(entry).equals("lost+found");
        if (named && isFolder(entry, unknown)) {
          folders.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      unknown.put(in, Files.exists(in) ? "cannot be listed (" + e + ")" : "does not exist");
    }
    return folders.stream().sorted().toList();
  }

  /**
   * The folders within one. Where it held some and holds none, that is believed of the very
   * directory that held them; an empty one in its place is what an unmounted volume leaves.
   */
  private List<Path> held(Path in, SortedMap<Path, String> unknown) {
    List<Path> folders = folders(in, unknown);
    Optional<Object> key = fileKey(in);
    if (!folders.isEmpty()) {
      holders.put(in, key);
    } else if (!unknown.containsKey(in) && !key.equals(holders.getOrDefault(in, key))) {
      unknown.put(
          in, "is empty, and not the directory that held secrets; mount it again, or restart");
    }
    return folders;
  }

  private static Optional<Object> fileKey(Path directory) {
    try {
      return Optional.ofNullable(
          Files.readAttributes(directory, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      return Optional.empty(); // It cannot be listed either, which is told.
    }
  }

  private static boolean isFolder(Path entry, SortedMap<Path, String> unknown) {
    try {
      return Files.readAttributes(entry, BasicFileAttributes.class).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      unknown.put(entry, "cannot be looked at (" + e + ")");
      return false;
    }
  }
}
