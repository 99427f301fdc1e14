package dev.sluice.server.source;

import dev.sluice.problem.Problem;
import dev.sluice.spec.Document;

/** Says that a document stands in two places. */
public final class Duplicates {

  private Duplicates() {}

  /** The problem of {@code second}, which does not count because of {@code first}. */
  public static Problem problem(Document first, Document second) {
    return Problem.error(
        second.origin().start(),
        "$",
        second.key()
            + " is already in "
            + first.origin().start()
            + ", which counts; keep one of the two");
  }
}
