package dev.sluice.server.source.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells a watched directory that was emptied from an empty one that is now seen in its place, as
 * the mount point of a volume is once that is unmounted; confined to the source's thread.
 *
 * <p>An empty directory is believed to be emptied when it is the very one (device and inode) that
 * held files, and was there all the time. Else, and where texts of its files were kept over a
 * restart, nothing is known of it until there is a file in it.
 */
final class Roots {

  private static final String REPLACED =
      "is empty and not the one that held the documents, as when a volume is not mounted: mount it"
          + " again, or to remove the documents put a file into the directory (one with a comment"
          + " alone will do)";

  private static final String KEPT =
      "is empty and held documents when the server ran last, as when a volume is not mounted yet:"
          + " mount it, or to remove the documents put a file into the directory (one with a comment"
          + " alone will do)";

  private final List<Path> roots;
  private final LastGoodTexts lastGood;

  /** Of roots that held files when they were listed last. */
  private final Map<Path, Identity> held = new HashMap<>();

  /**
   * Which directory it was.
   *
   * @param fileKey device and inode; null where there are none
   * @param stayed whether it was there ever since
   */
  private record Identity(@Nullable Object fileKey, boolean stayed) {}

  Roots(List<Path> roots, LastGoodTexts lastGood) {
    this.roots = roots;
    this.lastGood = lastGood;
  }

  /**
   * Lists what is there, with empty directories that are not to be believed among the unknown.
   *
   * @param starting whether it is not known yet what there was at the start
   */
  Listing list(boolean starting, Consumer<Path> beforeListing) {
    Map<Path, Optional<Object>> before = new HashMap<>();
    roots.forEach(root -> before.put(root, fileKey(root)));
    Listing listing = Listing.of(roots, beforeListing);
    for (Path root : roots) {
      look(root, Objects.requireNonNull(before.get(root)), listing, starting);
    }
    return listing;
  }

  private void look(Path root, Optional<Object> before, Listing listing, boolean starting) {
    if (listing.unknown().containsKey(root)) {
      if (Files.notExists(root)) {
        held.computeIfPresent(root, (_, one) -> new Identity(one.fileKey, false));
      }
    } else if (!listing.isEmptyBelow(root)) {
      held.put(root, new Identity(before.orElse(null), true));
    } else if (Files.isDirectory(root) && !listing.mayHoldBelow(root)) {
      Identity one = held.get(root);
      // Mounted or unmounted meanwhile, it has two keys.
      Object key = before.equals(fileKey(root)) ? before.orElse(null) : new Object();
      if (one != null && !(one.stayed && Objects.equals(one.fileKey, key))) {
        listing.doubt(root, REPLACED);
      } else if (one == null && starting && lastGood.keepsBelow(root)) {
        listing.doubt(root, KEPT);
      } else {
        held.remove(root);
      }
    }
  }

  private static Optional<Object> fileKey(Path root) {
    return Optional.ofNullable(Stamp.of(root).fileKey());
  }
}
