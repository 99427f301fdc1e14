package dev.sluice.server.overrides;

import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.Documents;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import java.util.List;
import java.util.SortedSet;

/** What becomes of callers when an instance is taken away from them. */
final class Harm {
  private Harm() {}

  /**
   * What whoever asks should know.
   *
   * @param inForce the documents by which instances take requests now, or do not
   * @throws RefusedException when nobody would serve the service any more, unless it is forced
   */
  static List<String> of(OverrideRequest request, Meant meant, Match match, Documents inForce) {
    List<InstanceOverride> overrides = meant.ofService(inForce);
    List<String> unserved = meant.instances().unserved(match, overrides);
    if (!unserved.isEmpty()) {
      String words =
          "%s is the last healthy instance of %s: nobody would answer its requests"
              .formatted(meant.shown(), String.join(" and of ", unserved));
      if (!request.isForced()) {
        throw new RefusedException(Why.CONFLICT, words + "; --force takes it all the same");
      }
      return List.of(words);
    }
    SortedSet<String> emptied = meant.instances().emptied(match, overrides);
    return emptied.isEmpty()
        ? List.of()
        : List.of(
            "%s is the last healthy instance of version %s of %s; split.onEmpty says what becomes of its share"
                .formatted(meant.shown(), String.join(", ", emptied), meant.service()));
  }
}
