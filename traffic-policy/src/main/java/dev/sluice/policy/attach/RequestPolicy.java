package dev.sluice.policy.attach;

import dev.sluice.spec.HashKey;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Route;
import dev.sluice.spec.Upgrade;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How requests are treated on their way, every default filled in: what a route may say otherwise
 * than its service.
 *
 * @param retry when a request is tried again
 * @param timeouts how long a request may take
 * @param mirror who gets copies of requests; empty for nobody
 * @param fault failures made on purpose; empty for none
 * @param requestBody the size of a request's body at most, above 0; empty for no limit
 * @param upgrades other protocols that a connection may go on with, sorted
 * @param limit how many requests a caller's proxy lets through; empty for no limit
 * @param globalLimits how many requests gateways let through, all together
 * @param hash what of a request ConsistentHash looks at, the first that it has; empty where neither
 *     the service's instances nor a version's are picked by it
 * @param traced of how many requests there are traces; empty for the listener's
 * @param authz whether a Gateway's authorization service is asked
 */
public record RequestPolicy(
    RetryPolicy retry,
    TimeoutPolicy timeouts,
    Optional<MirrorPolicy> mirror,
    Optional<FaultPolicy> fault,
    OptionalLong requestBody,
    List<Upgrade> upgrades,
    Optional<LocalLimitPolicy> limit,
    List<GlobalLimitPolicy> globalLimits,
    List<HashKey> hash,
    Optional<Percent> traced,
    Route.Authorization authz) {
  public RequestPolicy {
    Objects.requireNonNull(retry);
    Objects.requireNonNull(timeouts);
    Objects.requireNonNull(mirror);
    Objects.requireNonNull(fault);
    Objects.requireNonNull(requestBody);
    upgrades = upgrades.stream().sorted().distinct().toList();
    Objects.requireNonNull(limit);
    globalLimits = List.copyOf(globalLimits);
    hash = List.copyOf(hash);
    Objects.requireNonNull(traced);
    Objects.requireNonNull(authz);
  }
}
