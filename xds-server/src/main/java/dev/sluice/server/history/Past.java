package dev.sluice.server.history;

import dev.sluice.server.snapshot.Revision;
import dev.sluice.spec.Documents;
import java.util.Objects;

/**
 * A revision with what was in force in it.
 *
 * @param revision what was published, and why
 * @param documents those in force
 */
public record Past(Revision revision, Documents documents) {
  public Past {
    Objects.requireNonNull(revision);
    Objects.requireNonNull(documents);
  }
}
