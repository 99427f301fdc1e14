package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.spec.DocumentKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was written, or would be.
 *
 * @param service the instance's
 * @param instance the instance, for people
 * @param key the document's
 * @param source where it is kept
 * @param place where it is in there
 * @param edition what tells it from another edition of it
 * @param text the document, in YAML
 * @param expiresAt when it ends by itself
 * @param warnings what whoever asked should know
 */
public record Drained(
    ServiceId service,
    String instance,
    DocumentKey key,
    SourceName source,
    String place,
    String edition,
    String text,
    Optional<Instant> expiresAt,
    List<String> warnings) {
  public Drained {
    warnings = List.copyOf(warnings);
  }
}
