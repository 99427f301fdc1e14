package dev.sluice.server.overrides;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.Document;
import dev.sluice.spec.Documents;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The instance that a request is about, as far as it is known.
 *
 * @param service its service, which need not be known
 * @param instances those of the service
 * @param name as the request has it
 * @param text the same, for people
 */
record Meant(ServiceId service, Instances instances, InstanceName name, String text) {
  /**
   * Looks it up. A service that nobody knows is one all the same where an override names it.
   *
   * @param documents all that were read
   * @throws RefusedException when the service is not known, or several have that name
   */
  static Meant of(OverrideRequest request, PolicyIndex index, Documents documents) {
    InstanceName name = InstanceName.parse(request.instance());
    NavigableSet<ServiceId> known = new TreeSet<>(index.services().keySet());
    documents.all().values().stream()
        .flatMap(document -> service(document).stream())
        .forEach(known::add);
    ServiceId id = service(request, known);
    Service service = index.services().get(id);
    if (service != null && service.host().isPresent()) {
      throw new RefusedException(
          Why.WRONG,
          "%s stands for the DNS name %s, which the proxies resolve; none of its instances can be chosen"
              .formatted(id, service.host().get()));
    }
    Instances instances =
        new Instances(
            service == null ? new Service(id, List.of(), List.of()) : service, index.policies(id));
    return new Meant(id, instances, name, request.instance());
  }

  private static ServiceId service(OverrideRequest request, NavigableSet<ServiceId> known) {
    ServiceId id = ServiceId.parse(request.service(), "");
    return request.isForced() && !id.namespace().isEmpty()
        ? id
        : ServiceNames.known(request.service(), known);
  }

  private static Optional<ServiceId> service(Document document) {
    return document instanceof InstanceOverride override
        ? Optional.of(ServiceId.parse(override.spec().service(), override.metadata().namespace()))
        : Optional.empty();
  }

  /** Those that are known of that name. */
  List<Instance> known() {
    return instances.meant(name);
  }

  /** The overrides of the service that are about the instance. */
  List<InstanceOverride> overrides(Documents documents) {
    return ofService(documents).stream().filter(it -> isAbout(it.spec().match())).toList();
  }

  private boolean isAbout(Match match) {
    return name.isSaidBy(match) || known().stream().anyMatch(it -> it.isMeant(match));
  }

  /** All overrides of the service. */
  List<InstanceOverride> ofService(Documents documents) {
    return ofService(service, documents);
  }

  /** All overrides of a service. */
  static List<InstanceOverride> ofService(ServiceId service, Documents documents) {
    return documents.all().values().stream()
        .filter(document -> service(document).filter(service::equals).isPresent())
        .map(InstanceOverride.class::cast)
        .toList();
  }

  /**
   * What a document says of it.
   *
   * @throws RefusedException when it is not known, or means several, unless it is forced
   */
  Match match(OverrideRequest request) {
    Optional<Match> known = instances.match(name);
    Match match =
        known
            .or(() -> request.isForced() ? name.asWritten() : Optional.empty())
            .orElseThrow(() -> instances.unknown(request.instance()));
    List<Instance> all = instances.meant(match);
    if (all.size() > 1 && !request.isForced() && !all.getFirst().isSamePod(all)) {
      throw new RefusedException(
          Why.CONFLICT,
          "\"%s\" means %d instances of %s: %s; name one, by its address and port, or have all with --force"
              .formatted(
                  request.instance(),
                  all.size(),
                  service,
                  String.join(", ", all.stream().map(Instance::toString).toList())));
    }
    return match;
  }

  /**
   * Holds that a document is about nothing else.
   *
   * @throws RefusedException when it is
   */
  void refuseOthers(Held drain) {
    List<Instance> others = others(drain.document().spec().match());
    if (!others.isEmpty()) {
      throw new RefusedException(
          Why.CONFLICT,
          "%s is about %s too; name what it was drained by (%s): %s"
              .formatted(
                  drain.key(),
                  String.join(", ", others.stream().map(Instance::toString).toList()),
                  words(drain.document().spec().match()),
                  drain.place()));
    }
  }

  private static String words(Match match) {
    return Stream.of(match.pod(), match.address())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(match.labels().toString());
  }

  /** Those that a document is about, but for the one that is meant. */
  private List<Instance> others(Match match) {
    List<Instance> meant = known();
    return instances.meant(match).stream()
        .filter(it -> !meant.contains(it))
        .filter(it -> meant.isEmpty() || !it.isSamePod(meant))
        .toList();
  }

  /** How an answer names it. */
  String shown() {
    List<Instance> known = known();
    return known.isEmpty()
        ? text
        : String.join(", ", known.stream().map(Instance::toString).toList());
  }
}
