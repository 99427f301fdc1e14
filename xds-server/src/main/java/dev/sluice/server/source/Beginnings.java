package dev.sluice.server.source;

import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import dev.sluice.spec.InstanceOverride;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** From when the time of overrides counts that do not say so themselves. */
public final class Beginnings {
  private Beginnings() {}

  /** From when the file was last written, so that a restart of the server prolongs none of them. */
  public static Reading of(Reading reading, Path file) {
    return reading.items().stream().noneMatch(Beginnings::isOpen)
        ? reading
        : of(reading, written(file));
  }

  /** From {@code begin} on. */
  public static Reading of(Reading reading, Instant begin) {
    List<Item> items =
        reading.items().stream()
            .map(item -> isOpen(item) ? item.with(it -> begin(it, begin)) : item)
            .toList();
    return new Reading(items, reading.complete(), reading.problems());
  }

  private static boolean isOpen(Item item) {
    return item.document().orElse(null) instanceof InstanceOverride override
        && override.since() == null;
  }

  private static Document begin(Document document, Instant written) {
    return document instanceof InstanceOverride override ? override.startingAt(written) : document;
  }

  private static Instant written(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.now(); // The file went away while it was read, and its documents soon follow.
    }
  }
}
