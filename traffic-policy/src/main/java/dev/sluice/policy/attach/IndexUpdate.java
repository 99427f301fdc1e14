package dev.sluice.policy.attach;

import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.PolicyIndex.Attached;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.TrafficPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/**
 * One step from an index to the next, used once. In order: take in the facts, judge the candidates
 * that they may concern, then assemble the namespaces and services that are concerned.
 */
final class IndexUpdate {
  private final Documents before;
  private final NamespaceLevel meshLevel;
  private Facts facts;
  private TreePMap<DocumentKey, Verdict> verdicts;
  private TreePMap<String, NamespaceLevel> namespaces;
  private TreePMap<ServiceId, List<EffectivePolicy>> policies;
  private TreePMap<ServiceId, Service> services;
  private TreePMap<DocumentKey, Gateway> gateways;
  private TreePMap<DocumentKey, PolicyStatus> statuses;

  /** To be judged; those that come first are judged first, since later ones depend on them. */
  private final TreeSet<Candidate> waiting = new TreeSet<>();

  private final Set<ServiceId> servicesToAssemble = new TreeSet<>();
  private final Set<String> namespacesToAssemble = new TreeSet<>();
  private final SortedSet<ServiceId> changed = new TreeSet<>();
  private boolean gatewaysChanged;

  IndexUpdate(Facts facts, Attached before) {
    this.facts = facts;
    this.before = facts.documents();
    this.meshLevel = NamespaceLevel.ofMesh(facts.mesh());
    this.verdicts = before.verdicts();
    this.namespaces = before.namespaces();
    this.policies = before.policies();
    this.services = before.services();
    this.gateways = before.gateways();
    this.statuses = before.statuses();
  }

  void apply(DocumentsDelta documents, CatalogDelta catalog) {
    facts = facts.with(documents.after(), catalog.after());
    Set<Subject> subjects = new HashSet<>();
    documents.removed().forEach(key -> takeDocument(key, subjects));
    documents.changed().forEach(key -> takeDocument(key, subjects));
    Set<ServiceId> ids = new TreeSet<>(servicesToAssemble);
    ids.addAll(catalog.removed());
    ids.addAll(catalog.changed());
    ids.forEach(id -> takeService(id, subjects));
    subjects.forEach(subject -> waiting.addAll(facts.candidates(subject)));
    judge();
    namespacesToAssemble.forEach(this::assembleNamespace);
    servicesToAssemble.forEach(this::assembleService);
  }

  Facts facts() {
    return facts;
  }

  Attached attached() {
    return new Attached(verdicts, namespaces, policies, services, gateways, statuses);
  }

  SortedSet<ServiceId> changed() {
    return changed;
  }

  boolean gatewaysChanged() {
    return gatewaysChanged;
  }

  private void takeDocument(DocumentKey key, Set<Subject> subjects) {
    Optional<Document> old = before.document(key);
    Optional<Document> now = facts.documents().document(key);
    if (old.equals(now)) {
      return;
    }
    switch (key.kind()) {
      case TRAFFIC_POLICY -> takePolicy(key, candidate(old), candidate(now), subjects);
      case GATEWAY -> takeGateway(key, now.map(Gateway.class::cast), subjects);
      case INSTANCE_OVERRIDE ->
          takeOverride(
              key, old.map(InstanceOverride.class::cast), now.map(InstanceOverride.class::cast));
      case STATIC_SERVICE -> {}
    }
  }

  private static Optional<Candidate> candidate(Optional<Document> document) {
    return document.map(TrafficPolicy.class::cast).map(Candidate::new);
  }

  private void takePolicy(
      DocumentKey key, Optional<Candidate> old, Optional<Candidate> now, Set<Subject> subjects) {
    if (old.isPresent()) {
      facts = facts.without(old.get());
      concern(old.get(), subjects);
    }
    if (now.isPresent()) {
      facts = facts.with(now.get());
      concern(now.get(), subjects);
    } else {
      verdicts = verdicts.minus(key);
      statuses = statuses.minus(key);
    }
  }

  /** Policies that share a target or a host may gain or lose by the change of one. */
  private void concern(Candidate candidate, Set<Subject> subjects) {
    for (Subject subject : candidate.subjects()) {
      if (subject.isContested()) {
        subjects.add(subject);
      }
    }
    target(candidate);
  }

  private void target(Candidate candidate) {
    if (candidate.isNamespaceWide()) {
      namespacesToAssemble.add(candidate.namespace());
    } else {
      servicesToAssemble.add(candidate.service());
    }
  }

  private void takeOverride(
      DocumentKey key, Optional<InstanceOverride> old, Optional<InstanceOverride> now) {
    if (old.isPresent()) {
      facts = facts.without(old.get());
      servicesToAssemble.add(Facts.service(old.get()));
    }
    if (now.isPresent()) {
      facts = facts.with(now.get());
      servicesToAssemble.add(Facts.service(now.get()));
    } else {
      statuses = statuses.minus(key);
    }
  }

  private void takeGateway(DocumentKey key, Optional<Gateway> now, Set<Subject> subjects) {
    gateways = now.isPresent() ? gateways.plus(key, now.get()) : gateways.minus(key);
    gatewaysChanged = true;
    subjects.add(new Subject.OfGateway(key));
  }

  /**
   * Endpoints are of no interest here but as those of backends: as long as the ports are equal and
   * found in the same way, so are the policies.
   */
  private void takeService(ServiceId id, Set<Subject> subjects) {
    Service old = services.get(id);
    Optional<Service> now = facts.service(id);
    services = now.isPresent() ? services.plus(id, now.get()) : services.minus(id);
    boolean same =
        old != null
            && now.isPresent()
            && old.ports().equals(now.get().ports())
            && old.host().equals(now.get().host());
    if (!same && (old != null || now.isPresent())) {
      subjects.add(new Subject.OfService(id));
      servicesToAssemble.add(id);
    }
    facts.candidates(new Subject.OfBackend(id)).forEach(this::target);
    facts.candidates(new Subject.OfBackendNamed(id.name())).forEach(this::target);
  }

  private void judge() {
    for (Candidate next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
      Verdict verdict = Admission.judge(next, facts, verdicts);
      if (!verdict.equals(verdicts.get(next.key()))) {
        verdicts = verdicts.plus(next.key(), verdict);
        target(next);
        waitForJudgement(next);
      }
    }
  }

  /** Those that come later may now stand where they did not, or the other way round. */
  private void waitForJudgement(Candidate judged) {
    for (Subject subject : judged.subjects()) {
      if (subject.isContested()) {
        facts.candidates(subject).stream().filter(judged::precedes).forEach(waiting::add);
      }
    }
  }

  private void assembleNamespace(String namespace) {
    NamespaceLevel old = level(namespace);
    NamespaceLevel now = NamespaceLevel.of(namespace, facts, verdicts);
    statuses = statuses.plusAll(now.statuses());
    namespaces =
        now.statuses().isEmpty() ? namespaces.minus(namespace) : namespaces.plus(namespace, now);
    if (!now.holdsLike(old)) {
      for (ServiceId id : services.tailMap(new ServiceId("", namespace)).keySet()) {
        if (!id.namespace().equals(namespace)) {
          return;
        }
        servicesToAssemble.add(id);
      }
    }
  }

  private void assembleService(ServiceId id) {
    ServiceAssembly now = ServiceAssembly.of(id, facts, verdicts, level(id.namespace()));
    statuses = statuses.plusAll(now.statuses());
    List<EffectivePolicy> old = policies.get(id);
    List<EffectivePolicy> assembled = services.containsKey(id) ? now.policies() : null;
    if (!Objects.equals(old, assembled)) {
      policies = assembled == null ? policies.minus(id) : policies.plus(id, assembled);
      changed.add(id);
    }
  }

  private NamespaceLevel level(String namespace) {
    return namespaces.getOrDefault(namespace, meshLevel);
  }
}
