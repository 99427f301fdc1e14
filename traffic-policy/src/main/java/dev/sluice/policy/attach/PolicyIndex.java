package dev.sluice.policy.attach;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Resilience;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/**
 * Every service with what holds for calls to it: the documents attached to the catalog (policy.md,
 * section 1). Immutable; equal for equal documents, catalog and mesh defaults, in whatever steps it
 * came about.
 */
public final class PolicyIndex {
  private final Facts facts;
  private final Attached attached;
  private final SortedSet<ServiceId> changed;
  private final boolean gatewaysChanged;

  private PolicyIndex(
      Facts facts, Attached attached, SortedSet<ServiceId> changed, boolean gatewaysChanged) {
    this.facts = facts;
    this.attached = attached;
    this.changed = Collections.unmodifiableSortedSet(new TreeSet<>(changed));
    this.gatewaysChanged = gatewaysChanged;
  }

  /** The index of no documents and no services. */
  public static PolicyIndex empty(Resilience mesh) {
    return new PolicyIndex(Facts.none(mesh), Attached.NONE, Collections.emptySortedSet(), false);
  }

  /** {@link #of(Resilience, Documents, Catalog)} without defaults of the server's own. */
  public static PolicyIndex of(Documents documents, Catalog catalog) {
    return of(Resilience.NONE, documents, catalog);
  }

  /**
   * The index of all documents and services at once; all of it counts as changed.
   *
   * @param mesh the server's defaults
   * @param documents valid ones; what only shows when they meet is told by {@link #statuses}
   * @param catalog all services
   */
  public static PolicyIndex of(Resilience mesh, Documents documents, Catalog catalog) {
    SortedSet<DocumentKey> noKeys = Collections.emptySortedSet();
    SortedSet<ServiceId> noIds = Collections.emptySortedSet();
    return empty(mesh)
        .with(
            new DocumentsDelta(
                Documents.EMPTY, documents, new TreeSet<>(documents.all().keySet()), noKeys),
            new CatalogDelta(
                Catalog.EMPTY, catalog, new TreeSet<>(catalog.services().keySet()), noIds));
  }

  /**
   * This index after a change, at a cost in proportion to what the change concerns.
   *
   * @param documents from the documents of this index
   * @param catalog from the catalog of this index
   */
  public PolicyIndex with(DocumentsDelta documents, CatalogDelta catalog) {
    IndexUpdate update = new IndexUpdate(facts, attached);
    update.apply(documents, catalog);
    return new PolicyIndex(
        update.facts(), update.attached(), update.changed(), update.gatewaysChanged());
  }

  /**
   * What holds for calls to a service: one policy for each of its ports, in their order; empty
   * where nobody knows the service.
   */
  public List<EffectivePolicy> policies(ServiceId id) {
    return attached.policies().getOrDefault(id, List.of());
  }

  /**
   * All services: the catalog's, and those that only policies with {@code target.backends} make. A
   * service of the latter kind has the ports that its policies name, no protocol and no endpoints:
   * the instances are {@link EffectivePolicy#backends()} alone.
   */
  public SortedMap<ServiceId, Service> services() {
    return attached.services();
  }

  /** All gateways, by key; not modifiable. */
  public SortedMap<DocumentKey, Gateway> gateways() {
    return attached.gateways();
  }

  /** The StaticService of that name, if there is one. */
  public Optional<Attribution> staticService(ServiceId id) {
    DocumentKey key = new DocumentKey(Kind.STATIC_SERVICE, id.namespace(), id.name());
    return facts.documents().document(key).map(it -> new Attribution(key, it.origin().start()));
  }

  /** What became of each TrafficPolicy and InstanceOverride, by key; not modifiable. */
  public SortedMap<DocumentKey, PolicyStatus> statuses() {
    return attached.statuses();
  }

  /** What a TrafficPolicy or InstanceOverride is about, where it is known and that was decided. */
  public Optional<Scope> scope(DocumentKey key) {
    return Optional.ofNullable(statuses().get(key)).flatMap(PolicyStatus::scope);
  }

  /**
   * The services whose {@link #policies} differ from those of the index before, those that are gone
   * included. Changes of endpoints alone are not among them, but where they are a policy's backend.
   */
  public SortedSet<ServiceId> changed() {
    return changed;
  }

  /** Whether {@link #gateways} differ from those of the index before. */
  public boolean gatewaysChanged() {
    return gatewaysChanged;
  }

  /** Whether both hold the same; by what change they came about does not count. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PolicyIndex that
        && facts.equals(that.facts)
        && attached.equals(that.attached);
  }

  @Override
  public int hashCode() {
    return Objects.hash(facts.documents(), facts.catalog());
  }

  @Override
  public String toString() {
    return "PolicyIndex" + attached.policies();
  }

  /**
   * What comes of the facts.
   *
   * @param verdicts by policy
   * @param namespaces the levels of those namespaces that have policies of their own
   * @param policies by service
   * @param services known by sources or made by policies
   * @param gateways by key
   * @param statuses by policy
   */
  record Attached(
      TreePMap<DocumentKey, Verdict> verdicts,
      TreePMap<String, NamespaceLevel> namespaces,
      TreePMap<ServiceId, List<EffectivePolicy>> policies,
      TreePMap<ServiceId, Service> services,
      TreePMap<DocumentKey, Gateway> gateways,
      TreePMap<DocumentKey, PolicyStatus> statuses) {
    static final Attached NONE =
        new Attached(
            TreePMap.empty(),
            TreePMap.empty(),
            TreePMap.empty(),
            TreePMap.empty(),
            TreePMap.empty(),
            TreePMap.empty());
  }
}
