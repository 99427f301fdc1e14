package dev.sluice.server.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * By what a file is told to be another, without reading it.
 *
 * @param size in bytes
 * @param modified when it was last written
 * @param fileKey device and inode of the file that the path leads to; null where there are none
 */
record Stamp(long size, FileTime modified, @Nullable Object fileKey) {

  /** A file whose attributes cannot be had. */
  static final Stamp NONE = new Stamp(-1, FileTime.fromMillis(0), null);

  /** How coarse a file system's times may be. */
  private static final Duration COARSE = Duration.ofSeconds(2);

  /** The stamp of the file that {@code path} leads to. */
  static Stamp of(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    } catch (IOException e) {
      return NONE;
    }
  }

  /** Whether another file has taken the place of the one with the stamp {@code before}. */
  boolean isOfAnother(Stamp before) {
    return fileKey != null && !fileKey.equals(before.fileKey);
  }

  /** Whether a file with this stamp, read at {@code readAt}, may have been written since. */
  boolean isTooFresh(Instant readAt) {
    return modified.toInstant().plus(COARSE).isAfter(readAt);
  }
}
