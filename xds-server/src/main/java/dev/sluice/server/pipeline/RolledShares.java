package dev.sluice.server.pipeline;

import dev.sluice.policy.attach.Rolled;
import dev.sluice.policy.attach.RolledOut;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.Version;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where the rollouts of policies stand.
 *
 * @param byPolicy how a policy divides the calls among its versions
 */
record RolledShares(SortedMap<DocumentKey, Rolled> byPolicy) {
  static final RolledShares NONE = new RolledShares(Collections.emptySortedMap());

  RolledShares {
    byPolicy = Collections.unmodifiableSortedMap(new TreeMap<>(byPolicy));
  }

  RolledShares with(DocumentKey key, Optional<Rolled> rolled) {
    return with(new TreeMap<>(Map.of(key, rolled)));
  }

  RolledShares with(SortedMap<DocumentKey, Optional<Rolled>> stands) {
    TreeMap<DocumentKey, Rolled> next = new TreeMap<>(byPolicy);
    stands.forEach(
        (policy, stand) ->
            stand.ifPresentOrElse(it -> next.put(policy, it), () -> next.remove(policy)));
    return new RolledShares(next);
  }

  Optional<Rolled> of(DocumentKey policy) {
    return Optional.ofNullable(byPolicy.get(policy));
  }

  /** The documents as they are to be attached. */
  Documents in(Documents documents) {
    Documents shown = documents;
    for (var entry : byPolicy.entrySet()) {
      if (documents.document(entry.getKey()).orElse(null) instanceof TrafficPolicy policy
          && policy.spec().rollout() != null) {
        shown = shown.with(in(policy, entry.getValue()));
      }
    }
    return shown;
  }

  /** An edit may have taken away a version that has a share; without any left it begins anew. */
  private static TrafficPolicy in(TrafficPolicy policy, Rolled rolled) {
    Set<String> declared =
        policy.spec().versions().stream().map(Version::name).collect(Collectors.toSet());
    SortedMap<String, Integer> left = new TreeMap<>(rolled.weights());
    left.keySet().retainAll(declared);
    boolean isAny = left.values().stream().anyMatch(weight -> weight > 0);
    return isAny ? RolledOut.of(policy, new Rolled(left, rolled.parts())) : policy;
  }
}
