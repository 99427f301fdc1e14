package dev.sluice.server.pipeline;

import dev.sluice.problem.Problem;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The ends of overrides that end by themselves ({@code InstanceOverride.spec.expiresIn}). */
final class Expiry {
  private static final DocumentKey FIRST = new DocumentKey(Kind.INSTANCE_OVERRIDE, "", "");

  private Expiry() {}

  /** Whether {@code document} holds no longer at {@code now}. */
  static boolean isOver(Document document, Instant now) {
    return document instanceof InstanceOverride override
        && override.expiresAt().filter(end -> !end.isAfter(now)).isPresent();
  }

  /** The overrides that hold no longer at {@code now}. */
  static Stream<InstanceOverride> over(Documents documents, Instant now) {
    return overrides(documents).filter(override -> isOver(override, now));
  }

  /** When the next one ends after {@code now}. */
  static Optional<Instant> next(Documents documents, Instant now) {
    return overrides(documents)
        .map(InstanceOverride::expiresAt)
        .flatMap(Optional::stream)
        .filter(end -> end.isAfter(now))
        .sorted()
        .findFirst();
  }

  /** What the authors of ended overrides should know. */
  static List<Problem> problems(Documents documents, Instant now) {
    return over(documents, now)
        .map(
            override ->
                Problem.warning(
                    override.origin().at("$.spec.expiresIn"),
                    "$.spec.expiresIn",
                    "ended at %s; remove the document, or write it anew to have it hold again"
                        .formatted(override.expiresAt().orElseThrow())))
        .toList();
  }

  private static Stream<InstanceOverride> overrides(Documents documents) {
    return documents.all().tailMap(FIRST).values().stream()
        .filter(InstanceOverride.class::isInstance)
        .map(InstanceOverride.class::cast);
  }
}
