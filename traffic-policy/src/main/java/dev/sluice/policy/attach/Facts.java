package dev.sluice.policy.attach;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Resilience;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * All that policies are attached by.
 *
 * @param mesh the server's defaults
 * @param documents all documents
 * @param catalog all services that sources know
 * @param overrides the overrides among the documents, by service
 * @param candidates the policies among the documents, by what they name
 */
record Facts(
    Resilience mesh,
    Documents documents,
    Catalog catalog,
    HashPMap<ServiceId, TreePMap<DocumentKey, InstanceOverride>> overrides,
    HashPMap<Subject, TreePSet<Candidate>> candidates) {
  static Facts none(Resilience mesh) {
    return new Facts(
        mesh, Documents.EMPTY, Catalog.EMPTY, HashTreePMap.empty(), HashTreePMap.empty());
  }

  /** The policies that name {@code subject}, those that come first first. */
  TreePSet<Candidate> candidates(Subject subject) {
    return candidates.getOrDefault(subject, TreePSet.empty());
  }

  Facts with(Candidate candidate) {
    HashPMap<Subject, TreePSet<Candidate>> all = candidates;
    for (Subject subject : candidate.subjects()) {
      all = all.plus(subject, all.getOrDefault(subject, TreePSet.empty()).plus(candidate));
    }
    return new Facts(mesh, documents, catalog, overrides, all);
  }

  Facts without(Candidate candidate) {
    HashPMap<Subject, TreePSet<Candidate>> all = candidates;
    for (Subject subject : candidate.subjects()) {
      TreePSet<Candidate> rest = candidates(subject).minus(candidate);
      all = rest.isEmpty() ? all.minus(subject) : all.plus(subject, rest);
    }
    return new Facts(mesh, documents, catalog, overrides, all);
  }

  Facts with(Documents newDocuments, Catalog newCatalog) {
    return new Facts(mesh, newDocuments, newCatalog, overrides, candidates);
  }

  /** The overrides of a service's instances, by key. */
  TreePMap<DocumentKey, InstanceOverride> overrides(ServiceId service) {
    return overrides.getOrDefault(service, TreePMap.empty());
  }

  Facts with(InstanceOverride override) {
    ServiceId service = service(override);
    return withOverrides(service, overrides(service).plus(override.key(), override));
  }

  Facts without(InstanceOverride override) {
    ServiceId service = service(override);
    return withOverrides(service, overrides(service).minus(override.key()));
  }

  private Facts withOverrides(ServiceId service, TreePMap<DocumentKey, InstanceOverride> own) {
    return new Facts(
        mesh,
        documents,
        catalog,
        own.isEmpty() ? overrides.minus(service) : overrides.plus(service, own),
        candidates);
  }

  /** The service that {@code override} is about. */
  static ServiceId service(InstanceOverride override) {
    return ServiceId.parse(override.spec().service(), override.metadata().namespace());
  }

  Optional<Gateway> gateway(DocumentKey key) {
    return documents.document(key).map(Gateway.class::cast);
  }

  /** The service as sources know it, else as policies with backends make it. */
  Optional<Service> service(ServiceId id) {
    return catalog.service(id).or(() -> madeByPolicies(id));
  }

  private Optional<Service> madeByPolicies(ServiceId id) {
    List<Integer> numbers =
        candidates(new Subject.OfService(id)).stream()
            .filter(Candidate::hasBackends)
            .map(candidate -> candidate.spec().target().port())
            .filter(Objects::nonNull)
            .filter(number -> number >= 1 && number <= 65535)
            .distinct()
            .sorted()
            .toList();
    if (numbers.isEmpty()) {
      return Optional.empty();
    }
    List<ServicePort> ports =
        numbers.stream()
            .map(number -> new ServicePort(numbers.size() == 1 ? "" : "" + number, number, null))
            .toList();
    return Optional.of(new Service(id, ports, List.of()));
  }
}
