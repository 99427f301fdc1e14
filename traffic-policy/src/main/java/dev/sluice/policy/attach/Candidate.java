package dev.sluice.policy.attach;

import dev.sluice.catalog.ServiceId;
import dev.sluice.problem.Location;
import dev.sluice.spec.Attach;
import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.Target;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.TrafficPolicySpec;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A policy that asks to be applied. Candidates are ordered by who comes first when two say the
 * same: the older resource, then by namespace and name; documents of files come after resources,
 * among themselves by path and line (policy.md, section 1, precedence).
 */
record Candidate(TrafficPolicy policy) implements Comparable<Candidate> {
  private static final Location ANYWHERE = Location.ofFile("");
  private static final Comparator<Candidate> ORDER =
      Comparator.comparing(
              (Candidate candidate) -> candidate.policy.metadata().creationTimestamp(),
              Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Candidate::filePosition)
          .thenComparing(candidate -> candidate.policy.metadata().namespace())
          .thenComparing(candidate -> candidate.policy.metadata().name());

  /** A rollout of which nothing else is known stands at its start. */
  Candidate {
    policy = RolledOut.atStart(policy);
  }

  private Location filePosition() {
    return policy.metadata().creationTimestamp() == null ? policy.origin().start() : ANYWHERE;
  }

  @Override
  public int compareTo(Candidate other) {
    return ORDER.compare(this, other);
  }

  boolean precedes(Candidate other) {
    return compareTo(other) < 0;
  }

  DocumentKey key() {
    return policy.key();
  }

  TrafficPolicySpec spec() {
    return policy.spec();
  }

  String namespace() {
    return policy.metadata().namespace();
  }

  boolean isNamespaceWide() {
    return spec().target().service().equals(Target.EVERY_SERVICE);
  }

  /** The service it is about, unless it is namespace-wide. */
  ServiceId service() {
    return ServiceId.parse(spec().target().service(), namespace());
  }

  boolean hasBackends() {
    return !spec().target().backends().isEmpty();
  }

  private Stream<Subject> backends() {
    return isNamespaceWide()
        ? Stream.empty()
        : spec().target().backends().stream()
            .flatMap(backend -> Selection.of(backend, service()).stream())
            .map(Selection::subject);
  }

  boolean isInMesh() {
    Attach attach = spec().attach();
    return attach == null || !Boolean.FALSE.equals(attach.mesh());
  }

  /** The gateways as written, which need not exist. */
  List<DocumentKey> gateways() {
    Attach attach = spec().attach();
    return attach == null ? List.of() : attach.gateways().stream().map(this::gateway).toList();
  }

  private DocumentKey gateway(Attach.GatewayRef ref) {
    String own = ref.namespace();
    return new DocumentKey(Kind.GATEWAY, own == null ? namespace() : own, ref.name());
  }

  /** The gateways' listeners for connections as written, which need not exist, by position. */
  SortedMap<Integer, GatewayListener> listeners() {
    SortedMap<Integer, GatewayListener> listeners = new TreeMap<>();
    Attach attach = spec().attach();
    if (attach != null) {
      for (int i = 0; i < attach.gateways().size(); i++) {
        String name = attach.gateways().get(i).listener();
        if (name != null) {
          listeners.put(i, new GatewayListener(gateway(attach.gateways().get(i)), name));
        }
      }
    }
    return listeners;
  }

  /** Whether the gateway at that position is attached to by hosts. */
  boolean isByHosts(int gateway) {
    Attach attach = spec().attach();
    return attach != null && attach.gateways().get(gateway).listener() == null;
  }

  /** The hosts as written, that of a preview last. */
  List<String> hosts() {
    Attach attach = spec().attach();
    return attach == null
        ? List.of()
        : Stream.concat(attach.hosts().stream(), previewHost().stream()).toList();
  }

  /** Where the host at that position is written. */
  String hostPath(int index) {
    Attach attach = spec().attach();
    return attach != null && index < attach.hosts().size()
        ? "$.spec.attach.hosts[" + index + "]"
        : RolloutPreview.PATH + ".host";
  }

  /** The host under which gateways expose what a rollout has no traffic at yet. */
  Optional<String> previewHost() {
    return Optional.ofNullable(spec().rollout())
        .map(Rollout::blueGreen)
        .map(BlueGreen::preview)
        .map(BlueGreen.Preview::host);
  }

  /** How hosts are compared: ignoring case. */
  static String host(String written) {
    return written.toLowerCase(Locale.ROOT);
  }

  /** All that this policy may depend on, and that may depend on this policy. */
  Set<Subject> subjects() {
    Subject target =
        isNamespaceWide() ? new Subject.OfNamespace(namespace()) : new Subject.OfService(service());
    Stream<Subject> attached =
        gateways().stream()
            .flatMap(
                gateway ->
                    Stream.concat(
                        Stream.of(new Subject.OfGateway(gateway)),
                        hosts().stream().map(host -> new Subject.OfHost(gateway, host(host)))));
    Stream<Subject> listeners = listeners().values().stream().map(Subject.OfListener::new);
    return Stream.of(Stream.of(target), attached, listeners, backends())
        .flatMap(each -> each)
        .collect(Collectors.toSet());
  }

  Attribution attribution() {
    return new Attribution(key(), policy.origin().start());
  }

  /** Where {@code path} stands, for a message of another document. */
  Attribution attribution(String path) {
    return new Attribution(key(), policy.origin().at(path));
  }

  /** The distinct hosts, as they are compared, sorted. */
  static List<String> distinct(List<String> hosts) {
    return List.copyOf(
        hosts.stream().map(Candidate::host).collect(Collectors.toCollection(TreeSet::new)));
  }
}
