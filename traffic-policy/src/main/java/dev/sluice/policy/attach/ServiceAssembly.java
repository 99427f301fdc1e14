package dev.sluice.policy.attach;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the policies of one service come to.
 *
 * @param policies one for each port of the service, in the ports' order; empty while it is unknown
 * @param statuses of all policies that name the service
 */
record ServiceAssembly(List<EffectivePolicy> policies, Map<DocumentKey, PolicyStatus> statuses) {
  static ServiceAssembly of(
      ServiceId id, Facts facts, Map<DocumentKey, Verdict> verdicts, NamespaceLevel namespace) {
    List<Placed> placed = new ArrayList<>();
    Map<DocumentKey, PolicyStatus> statuses = new TreeMap<>();
    for (Candidate candidate : facts.candidates(new Subject.OfService(id))) {
      Verdict verdict = Objects.requireNonNull(verdicts.get(candidate.key()));
      placed.add(new Placed(candidate, verdict));
      statuses.put(candidate.key(), verdict.status());
    }
    List<EffectivePolicy> policies = new ArrayList<>();
    Optional<Service> service = facts.service(id);
    List<EffectiveOverride> overrides = new ArrayList<>();
    for (InstanceOverride override : facts.overrides(id).values()) {
      overrides.add(EffectiveOverride.of(override));
      statuses.put(override.key(), status(override, id, service.isPresent()));
    }
    for (ServicePort port : service.map(Service::ports).orElse(List.of())) {
      Scope scope = new Scope.OfPort(id, port.number());
      List<Placed> applied =
          placed.stream().filter(each -> each.verdict().isAppliedTo(scope)).toList();
      policies.add(
          new PortAssembly(
                  service.get(), port, facts.catalog(), namespace, applied, overrides, statuses)
              .policy());
    }
    return new ServiceAssembly(List.copyOf(policies), statuses);
  }

  private static PolicyStatus status(InstanceOverride override, ServiceId id, boolean isKnown) {
    PolicyStatus accepted = new PolicyStatus(Reason.ACCEPTED, List.of(), Optional.empty());
    return isKnown
        ? accepted
        : accepted.with(
            Reason.SERVICE_NOT_FOUND,
            Problem.warning(
                override.origin().at("$.spec.service"),
                "$.spec.service",
                "no source knows " + id + "; the override is applied once one does"));
  }

  /** A policy of the service, with what was decided about it. */
  record Placed(Candidate candidate, Verdict verdict) {}
}
