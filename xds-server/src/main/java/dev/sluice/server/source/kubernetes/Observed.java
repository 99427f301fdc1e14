package dev.sluice.server.source.kubernetes;

import dev.sluice.problem.Problem;
import java.util.List;
import java.util.Objects;

/**
 * A document as the cluster has it now, whether it is good or not.
 *
 * @param generation counts its author's edits ({@code metadata.generation})
 * @param uid whether it is still the same after it was deleted and made again
 * @param problems what is wrong with this generation by itself; with an error in it, an earlier
 *     generation is live, or none
 */
public record Observed(long generation, String uid, List<Problem> problems) {
  public Observed {
    Objects.requireNonNull(uid);
    problems = problems.stream().sorted().toList();
  }
}
