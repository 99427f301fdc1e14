package dev.sluice.translate;

import com.google.protobuf.Any;
import dev.sluice.spec.RetryOn;
import io.envoyproxy.envoy.config.route.v3.HedgePolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryBackOff;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryHostPredicate;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When a request is tried again ({@code RouteAction.retry_policy}, {@code hedge_policy}). */
final class Retries {
  /** The condition under which Envoy looks at {@code retriable_status_codes}. */
  private static final String STATUSES = "retriable-status-codes";

  /** How often another instance is picked in place of one that was tried. */
  private static final int HOST_SELECTION_ATTEMPTS = 5;

  private Retries() {}

  /** Sets what is tried again; gRPC starts no try beside another (gRFC A44). */
  static void apply(
      RouteAction.Builder action, dev.sluice.policy.attach.RetryPolicy policy, ClientKind client) {
    Optional<RetryPolicy> retry = of(policy);
    if (retry.isEmpty()) {
      return;
    }
    action.setRetryPolicy(retry.get());
    if (client == ClientKind.ENVOY && policy.hedgeAfter().isPresent()) {
      action
          .setHedgePolicy(HedgePolicy.newBuilder().setHedgeOnPerTryTimeout(true))
          .getRetryPolicyBuilder()
          .setPerTryTimeout(Protos.duration(policy.hedgeAfter().get()));
    }
  }

  /** Empty where nothing is tried again. */
  private static Optional<RetryPolicy> of(dev.sluice.policy.attach.RetryPolicy policy) {
    if (policy.attempts() == 0 || policy.retryOn().isEmpty()) {
      return Optional.empty();
    }
    RetryPolicy.Builder retry =
        RetryPolicy.newBuilder()
            .setNumRetries(Protos.uint32(policy.attempts()))
            .setRetryBackOff(
                RetryBackOff.newBuilder()
                    .setBaseInterval(Protos.duration(policy.backoffBase()))
                    .setMaxInterval(Protos.duration(policy.backoffMax())));
    conditions(retry, policy.retryOn());
    policy.perTryTimeout().ifPresent(timeout -> retry.setPerTryTimeout(Protos.duration(timeout)));
    if (policy.avoidPreviousHosts()) {
      retry
          .addRetryHostPredicate(
              RetryHostPredicate.newBuilder()
                  .setName("envoy.retry_host_predicates.previous_hosts")
                  .setTypedConfig(Any.pack(PreviousHostsPredicate.getDefaultInstance())))
          .setHostSelectionRetryMaxAttempts(HOST_SELECTION_ATTEMPTS);
    }
    return Optional.of(retry.build());
  }

  private static void conditions(RetryPolicy.Builder retry, List<RetryOn> retryOn) {
    List<String> words = new ArrayList<>();
    for (RetryOn condition : retryOn) {
      if (condition.isStatus()) {
        retry.addRetriableStatusCodes(Integer.parseInt(condition.word()));
      } else {
        words.add(condition.word());
      }
    }
    if (retry.getRetriableStatusCodesCount() > 0) {
      words.add(STATUSES);
    }
    retry.setRetryOn(String.join(",", words));
  }
}
