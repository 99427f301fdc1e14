package dev.sluice.server.overrides;

import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import java.util.List;

/** Holds that a text may be replaced or removed: {@code sluice drain} wrote it, and all of it. */
final class Sole {
  private Sole() {}

  /** What {@code sluice drain} wrote of a text, whatever people put beside it. */
  static List<InstanceOverride> drains(String place, String text, DocumentReader reader) {
    return reader.read(place, text).items().stream()
        .flatMap(item -> item.document().stream())
        .filter(InstanceOverride.class::isInstance)
        .map(InstanceOverride.class::cast)
        .filter(Drain::wrote)
        .toList();
  }

  /**
   * Looks into a text.
   *
   * @param place how people call it
   * @throws RefusedException when there is anything in it but a document of that key which {@code
   *     sluice drain} wrote
   */
  static void check(String place, String text, DocumentKey key, DocumentReader reader) {
    Reading reading = reader.read(place, text);
    boolean only =
        reading.complete()
            && reading.items().size() == 1
            && reading.items().getFirst().key().filter(key::equals).isPresent();
    if (!only) {
      throw new RefusedException(
          Why.CONFLICT,
          "%s holds something else than the one document %s; edit it by hand"
              .formatted(place, key));
    }
    boolean ours =
        reading.items().getFirst().document().orElse(null) instanceof InstanceOverride override
            && Drain.wrote(override);
    if (!ours) {
      throw new RefusedException(
          Why.CONFLICT,
          "%s was written or edited by hand: it has no label %s: %s, or an error in it; edit it by hand"
              .formatted(place, Drain.LABEL, Drain.WRITER));
    }
  }
}
