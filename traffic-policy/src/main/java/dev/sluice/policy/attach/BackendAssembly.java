package dev.sluice.policy.attach;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.policy.attach.BackendSearch.Finding;
import dev.sluice.policy.attach.EffectiveBackend.Member;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Place;
import dev.sluice.spec.StaticAddress;
import dev.sluice.spec.Target.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the instances that the backends of one policy mean. */
final class BackendAssembly {
  private final Candidate candidate;
  private final int port;
  private final Catalog catalog;
  private final Map<DocumentKey, PolicyStatus> statuses;

  /**
   * Of a policy whose backends count.
   *
   * @param port number of the port that the policy is about
   * @param statuses takes what is not found, and what is found twice
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
    boolean weighed = backends.stream().anyMatch(backend -> backend.weight() != null);
    for (int i = 0; i < backends.size(); i++) {
      Backend backend = backends.get(i);
      int share = Objects.requireNonNullElse(backend.weight(), 1);
      Optional<Selection> selection = Selection.of(backend, candidate.service());
      List<Member> members =
          selection.isPresent() ? chosen(backend, selection.get(), path(i)) : named(backend);
      effective.add(
          new EffectiveBackend(
              backend.name(),
              weighed ? OptionalInt.of(share) : OptionalInt.empty(),
              share == 0 ? List.of() : members));
    }
    return SharedAddresses.once(
        effective, (backend, message) -> note(Reason.ACCEPTED, path(backend), message));
  }

  private static String path(int backend) {
    return "$.spec.target.backends[" + backend + "]";
  }

  private static List<Member> named(Backend backend) {
    Locality locality = locality(backend.locality(), Locality.UNKNOWN);
    return backend.addresses().stream()
        .map(it -> new Member(it, new TreeMap<>(), 1, locality, Health.HEALTHY, null))
        .toList();
  }

  private List<Member> chosen(Backend backend, Selection selection, String path) {
    return switch (BackendSearch.find(selection, port, catalog)) {
      case Finding.Nothing(String key, String message) -> {
        note(Reason.UNKNOWN_BACKEND, path + "." + key, message);
        yield List.of();
      }
      case Finding.Instances(List<Endpoint> endpoints, var at) ->
          endpoints.stream()
              .flatMap(it -> member(it, it.ports().get(at.name()), backend.locality()).stream())
              .toList();
    };
  }

  private static Optional<Member> member(
      Endpoint endpoint, @Nullable Integer port, @Nullable Place place) {
    return port == null
        ? Optional.empty()
        : Optional.of(
            new Member(
                new StaticAddress(endpoint.address(), port),
                endpoint.labels(),
                endpoint.weight(),
                locality(place, endpoint.locality()),
                endpoint.health(),
                endpoint.source()));
  }

  private void note(Reason reason, String path, String message) {
    Problem problem = Problem.warning(candidate.policy().origin().at(path), path, message);
    statuses.computeIfPresent(candidate.key(), (_, status) -> status.with(reason, problem));
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
