package dev.sluice.translate;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A service and its policies as inputs of protos: cheap to make anew on every change, and equal
 * where the proto would be equal, so that protos can be cached by their input.
 *
 * @param service the service
 * @param ports one for each of its ports, in the order of the policies
 * @param problems what about its facts its owner should look at
 */
public record ServiceTranslation(
    ServiceId service, List<PortTranslation> ports, List<Problem> problems) {
  public ServiceTranslation {
    Objects.requireNonNull(service);
    ports = List.copyOf(ports);
    problems = List.copyOf(problems);
  }

  /** The services that get copies of requests to this one. */
  public Set<ServiceId> mirrored() {
    return ports.stream().flatMap(Mirrors::services).collect(Collectors.toUnmodifiableSet());
  }

  /** The translation for Envoys; see {@link #of(Service, List, ClientKind)}. */
  public static ServiceTranslation of(Service service, List<EffectivePolicy> policies) {
    return of(service, policies, ClientKind.ENVOY);
  }

  /**
   * The translation of {@code service}.
   *
   * @param service the service with its instances
   * @param policies what holds for each of its ports, in the order of the ports
   * @param client who is sent it
   */
  public static ServiceTranslation of(
      Service service, List<EffectivePolicy> policies, ClientKind client) {
    Optional<EffectivePolicy> first =
        policies.stream().filter(policy -> policy.protocol() != Protocol.TCP).findFirst();
    List<PortTranslation> ports = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (EffectivePolicy policy : policies) {
      Names.Portless portless =
          first.filter(policy::equals).isPresent() ? Names.Portless.YES : Names.Portless.NO;
      ports.add(PortTranslator.translate(service, policy, client, portless, problems));
    }
    problems.addAll(Overrides.idle(service, policies));
    return new ServiceTranslation(service.id(), ports, problems);
  }
}
