package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.HealthCheck;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LocalityRouting;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.RetryOn;
import dev.sluice.spec.TrafficPolicySpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rules between two values that different documents may have set, so that only the merged sections
 * show a breach (policy.md, section 1, cross-field rules). A breach is a warning to the documents
 * of one level that set either value.
 */
final class CrossChecks {
  /** To Envoy a try that takes too long is a reset: no other condition takes it up. */
  private static final List<String> ON_TIMEOUT = List.of("5xx", "gateway-error", "reset");

  private final List<Candidate> level;
  private final Map<DocumentKey, PolicyStatus> statuses;

  private CrossChecks(List<Candidate> level, Map<DocumentKey, PolicyStatus> statuses) {
    this.level = level;
    this.statuses = statuses;
  }

  /**
   * Adds what is found to {@code statuses}.
   *
   * @param merged the sections that hold, without gaps
   * @param level the policies that lie on top
   */
  static void check(
      Resilience merged, List<Candidate> level, Map<DocumentKey, PolicyStatus> statuses) {
    CrossChecks checks = new CrossChecks(level, statuses);
    checks.perTryTimeout(
        requireNonNull(merged.retry()), requireNonNull(merged.timeouts()).request());
    checks.hedge(requireNonNull(merged.retry()), requireNonNull(merged.timeouts()).request());
    checks.afterTimeout(requireNonNull(merged.retry()));
    checks.backoff(requireNonNull(requireNonNull(merged.retry()).backoff()));
    checks.loadBalancer(requireNonNull(merged.loadBalancer()));
    checks.locality(merged);
    checks.gatewayErrors(requireNonNull(requireNonNull(merged.circuitBreaker()).outlier()));
  }

  /**
   * Adds what the sections lack for {@code protocol} to {@code statuses}; see {@link #check}.
   *
   * @param protocol what the service speaks
   */
  static void checkProtocol(
      Protocol protocol,
      Resilience merged,
      List<Candidate> level,
      Map<DocumentKey, PolicyStatus> statuses) {
    CrossChecks checks = new CrossChecks(level, statuses);
    checks.connections(protocol);
    HealthCheck health = requireNonNull(merged.health());
    HealthCheck.Active active = health.active();
    if (active != null && active.grpc() != null && !HealthResolution.isH2(protocol)) {
      checks.warn(
          "health.active.grpc",
          spec -> active(spec, HealthCheck.Active::grpc),
          "the service speaks %s, so its instances are asked for a connection only; write protocol: grpc, or ask by http"
              .formatted(protocol.name().toLowerCase(Locale.ROOT)));
    }
  }

  /** What is about requests does nothing for connections, and the other way round. */
  private void connections(Protocol protocol) {
    if (protocol == Protocol.TCP) {
      warn(
          "attach.hosts",
          spec ->
              spec.attach() == null || spec.attach().hosts().isEmpty()
                  ? null
                  : spec.attach().hosts(),
          "the service speaks tcp, which has no hosts; name the listener instead:"
              + " gateways: [{name: public, listener: NAME}]");
      warn(
          "routes",
          spec -> spec.routes().isEmpty() ? null : spec.routes(),
          "the service speaks tcp, which has no requests to route; remove the routes");
      warn(
          "rollout.blueGreen.preview",
          spec -> RolloutPreview.of(spec).orElse(null),
          "the service speaks tcp, which has no requests to tell apart; remove the preview");
      ofRequests("degrade", TrafficPolicySpec::degrade);
      ofRequests("fault", TrafficPolicySpec::fault);
      ofRequests("limits", TrafficPolicySpec::limits);
      ofRequests("mirror", TrafficPolicySpec::mirror);
      ofRequests("rateLimit", TrafficPolicySpec::rateLimit);
      warn(
          "loadBalancer.hash",
          spec ->
              spec.loadBalancer() == null
                      || spec.loadBalancer().hash().isEmpty()
                      || spec.loadBalancer().hash().stream().anyMatch(key -> key.sourceIP() != null)
                  ? null
                  : spec.loadBalancer().hash(),
          "the service speaks tcp, of which only sourceIP can be hashed; add {sourceIP: true}");
    } else {
      warn(
          "attach.gateways",
          spec ->
              spec.attach() == null
                      || spec.attach().gateways().stream().allMatch(each -> each.listener() == null)
                  ? null
                  : spec.attach(),
          "the service speaks %s, and a listener takes connections for tcp alone; expose it by hosts"
              .formatted(protocol.name().toLowerCase(Locale.ROOT)));
    }
  }

  private void ofRequests(String key, Function<TrafficPolicySpec, @Nullable Object> section) {
    warn(key, section, "the service speaks tcp, which has no requests; remove it");
  }

  /**
   * Adds what does not go together with instances that are found by a DNS name to {@code statuses}.
   *
   * @param level the policies that lie on top
   */
  static void checkNamed(
      Service service, List<Candidate> level, Map<DocumentKey, PolicyStatus> statuses) {
    CrossChecks checks = new CrossChecks(level, statuses);
    String named = service.id() + " is found by the DNS name " + service.host().orElse("") + ", ";
    checks.warn(
        "versions",
        spec -> spec.versions().isEmpty() ? null : spec.versions(),
        named + "which tells no labels of its instances, so none is of a version; remove versions");
    checks.warn(
        "locality",
        spec ->
            spec.locality() == null || spec.locality().mode() == LocalityRouting.Mode.NONE
                ? null
                : spec.locality(),
        named + "which does not tell where its instances run; remove locality");
  }

  private static @Nullable Object active(
      TrafficPolicySpec spec, Function<HealthCheck.Active, @Nullable Object> field) {
    HealthCheck health = spec.health();
    HealthCheck.Active active = health == null ? null : health.active();
    return active == null ? null : field.apply(active);
  }

  private void perTryTimeout(Retry retry, @Nullable Duration request) {
    Duration perTry = retry.perTryTimeout();
    if (perTry == null
        || retry.hedge() != null
        || request == null
        || request.isZero()
        || perTry.compareTo(request) < 0) {
      return;
    }
    warn(
        "retry.perTryTimeout",
        spec -> spec.retry() == null ? null : spec.retry().perTryTimeout(),
        "%s must be shorter than timeouts.request (%s); Envoy would ignore it"
            .formatted(Durations.text(perTry), Durations.text(request)));
    warn(
        "timeouts.request",
        spec -> spec.timeouts() == null ? null : spec.timeouts().request(),
        "%s must be longer than retry.perTryTimeout (%s); Envoy would ignore that"
            .formatted(Durations.text(request), Durations.text(perTry)));
  }

  private void hedge(Retry retry, @Nullable Duration request) {
    if (retry.hedge() == null) {
      return;
    }
    if (retry.perTryTimeout() != null) {
      warn(
          "retry.hedge",
          spec -> spec.retry() == null ? null : spec.retry().hedge(),
          "holds instead of retry.perTryTimeout, which another policy gives: a try either ends or is joined by the next");
      warn(
          "retry.perTryTimeout",
          spec -> spec.retry() == null ? null : spec.retry().perTryTimeout(),
          "is not kept: retry.hedge, which another policy gives, holds instead");
    }
    Duration after = retry.hedge().after();
    if (request != null && !request.isZero() && after.compareTo(request) >= 0) {
      warn(
          "retry.hedge.after",
          spec -> spec.retry() == null ? null : spec.retry().hedge(),
          "%s must be shorter than timeouts.request (%s); Envoy would ignore it"
              .formatted(Durations.text(after), Durations.text(request)));
      warn(
          "timeouts.request",
          spec -> spec.timeouts() == null ? null : spec.timeouts().request(),
          "%s must be longer than retry.hedge.after (%s); Envoy would ignore that"
              .formatted(Durations.text(request), Durations.text(after)));
    }
    if (requireNonNull(retry.attempts()) == 0) {
      warn(
          "retry.hedge",
          spec -> spec.retry() == null ? null : spec.retry().hedge(),
          "does nothing: retry.attempts is 0, so no try is followed by another");
    }
  }

  private void afterTimeout(Retry retry) {
    List<RetryOn> retryOn = retry.retryOn();
    if (retry.perTryTimeout() == null
        || retry.hedge() != null
        || requireNonNull(retry.attempts()) == 0
        || retryOn.stream().map(RetryOn::word).anyMatch(ON_TIMEOUT::contains)) {
      return;
    }
    String which = retryOn.isEmpty() ? "the default retryOn" : "retryOn";
    String words = String.join(", ", ON_TIMEOUT);
    warn(
        "retry.perTryTimeout",
        spec -> spec.retry() == null ? null : spec.retry().perTryTimeout(),
        "a try that ends by it is not tried again, for %s has none of %s; add one where the requests may be repeated"
            .formatted(which, words));
    warn(
        "retry.retryOn",
        CrossChecks::retryOnAlone,
        "has none of %s, so a try that ends by retry.perTryTimeout is not tried again; add one where the requests may be repeated"
            .formatted(words));
  }

  /** The conditions of a document that leaves the timeout to others. */
  private static @Nullable Object retryOnAlone(TrafficPolicySpec spec) {
    Retry retry = spec.retry();
    return retry == null || retry.perTryTimeout() != null || retry.retryOn().isEmpty()
        ? null
        : retry.retryOn();
  }

  private void loadBalancer(LoadBalancer balancer) {
    LoadBalancer.Type type = requireNonNull(balancer.type());
    LoadBalancer.SlowStart start = balancer.slowStart();
    if (start != null && start.window().isPositive() && !type.startsSlowly()) {
      warn(
          "loadBalancer.slowStart",
          spec -> spec.loadBalancer() == null ? null : spec.loadBalancer().slowStart(),
          "does nothing with " + type + ", which cannot give a new instance less");
      warn(
          "loadBalancer.type",
          spec -> typeAlone(spec.loadBalancer()),
          type + " cannot give a new instance less, so loadBalancer.slowStart does nothing");
    }
  }

  private void locality(Resilience merged) {
    LocalityRouting.Mode mode = requireNonNull(requireNonNull(merged.locality()).mode());
    LoadBalancer.Type type = requireNonNull(requireNonNull(merged.loadBalancer()).type());
    if (mode == LocalityRouting.Mode.WEIGHTED && type == LoadBalancer.Type.CONSISTENT_HASH) {
      warn(
          "locality.mode",
          spec -> spec.locality() == null ? null : spec.locality().mode(),
          "weighted does nothing with ConsistentHash, whose hash spans all localities");
      warn(
          "loadBalancer.type",
          spec ->
              spec.loadBalancer() == null || spec.locality() != null
                  ? null
                  : spec.loadBalancer().type(),
          "ConsistentHash spans all localities, so locality.mode weighted does nothing");
    }
  }

  /**
   * Adds to {@code statuses} that localities do not count where the endpoints' weights divide the
   * calls; see {@link #check}.
   */
  static void checkEndpointMode(
      Resilience merged, List<Candidate> level, Map<DocumentKey, PolicyStatus> statuses) {
    LocalityRouting.Mode mode = requireNonNull(requireNonNull(merged.locality()).mode());
    if (mode != LocalityRouting.Mode.NONE) {
      new CrossChecks(level, statuses)
          .warn(
              "locality.mode",
              spec -> spec.locality() == null ? null : spec.locality().mode(),
              "does nothing with split.mode endpoint, whose weights are of all instances together");
    }
  }

  /** The type of a document that leaves slow start to others. */
  private static @Nullable Object typeAlone(@Nullable LoadBalancer balancer) {
    return balancer == null || balancer.slowStart() != null ? null : balancer.type();
  }

  private void backoff(Retry.Backoff backoff) {
    Duration base = requireNonNull(backoff.base());
    Duration max = backoff.max();
    if (max == null || max.compareTo(base) >= 0) {
      return;
    }
    warn(
        "retry.backoff.max",
        spec -> value(spec, Retry.Backoff::max),
        "%s must be at least backoff.base (%s), which is taken for it"
            .formatted(Durations.text(max), Durations.text(base)));
    warn(
        "retry.backoff.base",
        spec -> value(spec, Retry.Backoff::base),
        "%s must be at most backoff.max (%s), which is raised to it"
            .formatted(Durations.text(base), Durations.text(max)));
  }

  private static @Nullable Object value(
      TrafficPolicySpec spec, Function<Retry.Backoff, @Nullable Object> field) {
    Retry retry = spec.retry();
    Retry.Backoff backoff = retry == null ? null : retry.backoff();
    return backoff == null ? null : field.apply(backoff);
  }

  private void gatewayErrors(CircuitBreaker.Outlier outlier) {
    Integer gateway = outlier.gatewayErrors();
    int consecutive = requireNonNull(outlier.consecutiveErrors());
    if (gateway == null || consecutive == 0 || gateway < consecutive) {
      return;
    }
    String path = "circuitBreaker.outlier.";
    warn(
        path + "gatewayErrors",
        spec -> value(spec.circuitBreaker(), CircuitBreaker.Outlier::gatewayErrors),
        gateway + " must be below consecutiveErrors (" + consecutive + ") to make a difference");
    warn(
        path + "consecutiveErrors",
        spec -> value(spec.circuitBreaker(), CircuitBreaker.Outlier::consecutiveErrors),
        consecutive + " must be above gatewayErrors (" + gateway + "), or that does nothing");
  }

  private static @Nullable Object value(
      @Nullable CircuitBreaker breaker, Function<CircuitBreaker.Outlier, @Nullable Object> field) {
    CircuitBreaker.Outlier outlier = breaker == null ? null : breaker.outlier();
    return outlier == null ? null : field.apply(outlier);
  }

  private void warn(
      String key, Function<TrafficPolicySpec, @Nullable Object> field, String message) {
    String path = "$.spec." + key;
    for (Candidate candidate : level) {
      if (field.apply(candidate.spec()) != null) {
        Problem problem = Problem.warning(candidate.policy().origin().at(path), path, message);
        statuses.computeIfPresent(
            candidate.key(), (ignored, status) -> status.with(Reason.ACCEPTED, problem));
      }
    }
  }
}
