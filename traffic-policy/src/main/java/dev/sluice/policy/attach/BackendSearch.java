package dev.sluice.policy.attach;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks up what a {@link Selection} chooses, and says where else it is if it is not there. */
final class BackendSearch {
  private final Selection wanted;
  private final Catalog catalog;
  private final Optional<Service> service;

  private BackendSearch(Selection wanted, Catalog catalog) {
    this.wanted = wanted;
    this.catalog = catalog;
    this.service = catalog.service(wanted.service());
  }

  /** What is known of a selection's instances. */
  sealed interface Finding {
    /**
     * There are some.
     *
     * @param endpoints not empty
     * @param port the service's port at which they are meant, which not all of them need have
     */
    record Instances(List<Endpoint> endpoints, ServicePort port) implements Finding {}

    /**
     * There are none.
     *
     * @param key of the backend what is not found: {@code kubernetes}, {@code consul.tag}
     * @param message what to do about it
     */
    record Nothing(String key, String message) implements Finding {}
  }

  /**
   * Finds the instances.
   *
   * @param port number of the port that the policy is about
   */
  static Finding find(Selection wanted, int port, Catalog catalog) {
    return new BackendSearch(wanted, catalog).find(port);
  }

  private Finding find(int port) {
    if (service.flatMap(Service::host).isPresent()) {
      return nothing(
          "",
          "%s stands for a DNS name and has no instances; name another service"
              .formatted(wanted.service()));
    }
    List<Endpoint> known = endpoints(wanted::isFromSource);
    if (known.isEmpty()) {
      return nothing(
          "",
          "no instance of %s is known %s%s; the backend counts once one is"
              .formatted(wanted.service(), wanted.where(), elsewhere()));
    }
    List<Endpoint> tagged = known.stream().filter(wanted::isTagged).toList();
    if (tagged.isEmpty()) {
      return nothing(
          ".tag",
          "none of the instances of %s that are known %s has the tag \"%s\"%s; the backend counts once one has"
              .formatted(
                  wanted.service(),
                  wanted.where(),
                  wanted.tag(),
                  sources(endpoints(it -> wanted.isOfKind(it) && wanted.isTagged(it)))));
    }
    // Where sources differ, ports of one may be unknown to the other.
    List<ServicePort> ports =
        service.map(Service::ports).orElse(List.of()).stream()
            .filter(one -> tagged.stream().anyMatch(it -> it.ports().containsKey(one.name())))
            .toList();
    return port(ports, wanted.port(), port)
        .<Finding>map(found -> new Finding.Instances(tagged, found))
        .orElseGet(
            () ->
                nothing(
                    ".port",
                    "%s has no such port %s (ports: %s); name one of them, or its number in quotes"
                        .formatted(wanted.service(), wanted.where(), Admission.list(ports))));
  }

  private Finding nothing(String key, String message) {
    return new Finding.Nothing(wanted.kind().key() + key, message);
  }

  private List<Endpoint> endpoints(Predicate<Endpoint> chosen) {
    return service.map(Service::endpoints).orElse(List.of()).stream().filter(chosen).toList();
  }

  /** What is mistyped shows beside what there is. */
  private String elsewhere() {
    String sources = sources(endpoints(wanted::isOfKind));
    return sources.isEmpty() && wanted.kind() == Selection.Kind.CONSUL ? namespaces() : sources;
  }

  private static String sources(List<Endpoint> endpoints) {
    return endpoints.isEmpty() ? "" : ", but in " + names(endpoints);
  }

  private static String names(List<Endpoint> endpoints) {
    return endpoints.stream()
        .map(endpoint -> endpoint.source().name())
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** The namespace of Consul's services is a setting, so that a policy may well mean another. */
  private String namespaces() {
    String others =
        catalog.services().values().stream()
            .filter(other -> other.id().name().equals(wanted.service().name()))
            .flatMap(other -> of(other).stream())
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? "" : ", but " + others + ": write that namespace if it is meant";
  }

  private Optional<String> of(Service other) {
    ServiceId id = other.id();
    List<Endpoint> own = other.endpoints().stream().filter(wanted::isOfKind).toList();
    return own.isEmpty() ? Optional.empty() : Optional.of("of " + id + " in " + names(own));
  }

  private static Optional<ServicePort> port(
      List<ServicePort> ports, @Nullable String wanted, int number) {
    if (wanted == null) {
      Optional<ServicePort> same = ports.stream().filter(it -> it.number() == number).findFirst();
      return same.isEmpty() && ports.size() == 1 ? Optional.of(ports.getFirst()) : same;
    }
    // The second of two sources that have one name for two numbers is called NAME-NUMBER.
    return ports.stream()
        .filter(
            one ->
                List.of(wanted, wanted + "-" + one.number()).contains(one.name())
                    || ("" + one.number()).equals(wanted))
        .findFirst();
  }
}
