package dev.sluice.server.demo;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.spec.Split;
import dev.sluice.spec.TrafficPolicy;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/** The weights that a policy gives. */
final class PolicyWeights {
  private PolicyWeights() {}

  /** The weights of its split; empty where it gives none. */
  static SortedMap<String, Integer> of(TrafficPolicy policy) {
    Split split = policy.spec().split();
    return split == null ? Collections.emptySortedMap() : split.weights();
  }

  /** The same of a file's first policy; nothing when the text holds no policy free of errors. */
  static Optional<SortedMap<String, Integer>> in(String text) {
    return DocumentParser.reader().read("policy", text).items().stream()
        .map(Item::document)
        .flatMap(Optional::stream)
        .filter(TrafficPolicy.class::isInstance)
        .map(TrafficPolicy.class::cast)
        .findFirst()
        .map(PolicyWeights::of);
  }
}
