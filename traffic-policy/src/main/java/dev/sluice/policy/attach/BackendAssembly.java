package dev.sluice.policy.attach;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.EffectiveBackend.Member;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Place;
import dev.sluice.spec.StaticAddress;
import dev.sluice.spec.Target.Backend;
import dev.sluice.spec.Target.Kubernetes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the instances that the backends of one policy mean. */
final class BackendAssembly {
  private static final int MOST_WEIGHT = 1_000_000;
  private static final String KUBERNETES = "kubernetes";

  private final Candidate candidate;
  private final int port;
  private final Catalog catalog;
  private final Map<DocumentKey, PolicyStatus> statuses;

  /**
   * Of a policy whose backends count.
   *
   * @param port number of the port that the policy is about
   * @param statuses takes what is not found
   */
  BackendAssembly(
      Candidate candidate, int port, Catalog catalog, Map<DocumentKey, PolicyStatus> statuses) {
    this.candidate = candidate;
    this.port = port;
    this.catalog = catalog;
    this.statuses = statuses;
  }

  List<EffectiveBackend> backends() {
    List<EffectiveBackend> effective = new ArrayList<>();
    List<Backend> backends = candidate.spec().target().backends();
    for (int i = 0; i < backends.size(); i++) {
      Backend backend = backends.get(i);
      int weight = Objects.requireNonNullElse(backend.weight(), 1);
      List<Member> members =
          backend.kubernetes() == null
              ? named(backend, weight)
              : chosen(backend, backend.kubernetes(), "$.spec.target.backends[" + i + "]", weight);
      effective.add(new EffectiveBackend(backend.name(), weight == 0 ? List.of() : members));
    }
    return effective;
  }

  private static List<Member> named(Backend backend, int weight) {
    Locality locality = locality(backend.locality(), Locality.UNKNOWN);
    return backend.addresses().stream()
        .map(it -> new Member(it, new TreeMap<>(), weight, locality, Health.HEALTHY, null))
        .toList();
  }

  private List<Member> chosen(Backend backend, Kubernetes wanted, String path, int weight) {
    ServiceId id = candidate.service(wanted);
    String where = wanted.cluster() == null ? "in any cluster" : "in cluster " + wanted.cluster();
    Optional<Service> service = catalog.service(id);
    if (service.flatMap(Service::host).isPresent()) {
      note(
          path + ".kubernetes",
          "%s stands for a DNS name and has no instances; name another service".formatted(id));
      return List.of();
    }
    List<Endpoint> endpoints =
        service.map(Service::endpoints).orElse(List.of()).stream()
            .filter(endpoint -> isOf(endpoint.source(), wanted.cluster()))
            .toList();
    if (endpoints.isEmpty()) {
      note(
          path + ".kubernetes",
          "no instance of %s is known %s%s; the backend counts once one is"
              .formatted(id, where, elsewhere(service)));
      return List.of();
    }
    // Where clusters differ, ports of one may be unknown to the other.
    List<ServicePort> ports =
        service.map(Service::ports).orElse(List.of()).stream()
            .filter(one -> endpoints.stream().anyMatch(it -> it.ports().containsKey(one.name())))
            .toList();
    Optional<ServicePort> found = port(ports, wanted.port());
    if (found.isEmpty()) {
      note(
          path + ".kubernetes.port",
          "%s has no such port %s (ports: %s); name one of them, or its number in quotes"
              .formatted(id, where, Admission.list(ports)));
      return List.of();
    }
    List<Member> members = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      Integer number = endpoint.ports().get(found.get().name());
      if (number != null) {
        members.add(
            new Member(
                new StaticAddress(endpoint.address(), number),
                endpoint.labels(),
                Math.toIntExact(Math.clamp((long) endpoint.weight() * weight, 1, MOST_WEIGHT)),
                locality(backend.locality(), endpoint.locality()),
                endpoint.health(),
                endpoint.source()));
      }
    }
    return members;
  }

  /** A cluster's name that is mistyped shows beside those of others. */
  private static String elsewhere(Optional<Service> service) {
    String clusters =
        service.map(Service::endpoints).orElse(List.of()).stream()
            .map(Endpoint::source)
            .filter(source -> source.kind().equals(KUBERNETES))
            .map(SourceName::name)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return clusters.isEmpty() ? "" : ", but in " + clusters;
  }

  private Optional<ServicePort> port(List<ServicePort> ports, @Nullable String wanted) {
    if (wanted == null) {
      Optional<ServicePort> same = ports.stream().filter(one -> one.number() == port).findFirst();
      return same.isEmpty() && ports.size() == 1 ? Optional.of(ports.getFirst()) : same;
    }
    // The second of two clusters that have one name for two numbers is called NAME-NUMBER.
    return ports.stream()
        .filter(
            one ->
                List.of(wanted, wanted + "-" + one.number()).contains(one.name())
                    || ("" + one.number()).equals(wanted))
        .findFirst();
  }

  private static boolean isOf(SourceName source, @Nullable String cluster) {
    return source.kind().equals(KUBERNETES) && (cluster == null || source.name().equals(cluster));
  }

  private void note(String path, String message) {
    Problem problem = Problem.warning(candidate.policy().origin().at(path), path, message);
    statuses.computeIfPresent(
        candidate.key(), (_, status) -> status.with(Reason.UNKNOWN_BACKEND, problem));
  }

  /** What the backend says goes over what the source says, part by part. */
  private static Locality locality(@Nullable Place place, Locality told) {
    return place == null
        ? told
        : new Locality(
            Objects.requireNonNullElse(place.region(), told.region()),
            Objects.requireNonNullElse(place.zone(), told.zone()));
  }
}
