package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.Attribution;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Target;
import dev.sluice.spec.TrafficPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which source an InstanceOverride is to be in: the one in which the service's policies are; else
 * its StaticService; else the one that its instances come from; else the only one that can hold
 * documents.
 *
 * @param store where it is to be written
 * @param beside the file of the document that decided it, if one did
 */
record StoreChoice(OverrideStore store, Optional<String> beside) {
  StoreChoice {
    Objects.requireNonNull(store);
    Objects.requireNonNull(beside);
  }

  /**
   * Chooses; one that is there already is written where it is.
   *
   * @param before the document, where it is there already
   * @param stores those there are
   * @throws RefusedException when nothing decides it; the message names the choices
   */
  static StoreChoice of(
      OverrideRequest request,
      ServiceId service,
      Optional<Held> before,
      Collection<? extends OverrideStore> stores,
      CatalogImage image,
      PolicyIndex index) {
    Optional<String> holder = before.flatMap(Held::source).map(SourceName::toString);
    Optional<String> wanted = request.source().or(() -> holder);
    if (holder.isPresent() && !holder.equals(wanted)) {
      throw new RefusedException(
          Why.CONFLICT,
          "%s is in %s already, and would hide the other; restore it first, or leave out --source"
              .formatted(before.get().key(), holder.get()));
    }
    SortedMap<String, OverrideStore> byName = new TreeMap<>();
    stores.forEach(store -> byName.put(store.source().toString(), store));
    List<Document> policies = policies(service, image, index);
    List<Document> deciding =
        policies.isEmpty()
            ? index.staticService(service).stream()
                .flatMap(it -> image.documents().document(it.document()).stream())
                .toList()
            : policies;
    if (wanted.isPresent()) {
      OverrideStore store = byName.get(wanted.get());
      if (store == null) {
        throw new RefusedException(
            Why.WRONG,
            "there is no source \"%s\" that can hold documents; %s"
                .formatted(wanted.get(), choices(byName.keySet())));
      }
      return new StoreChoice(store, beside(store, deciding, image));
    }
    SortedSet<String> named = new TreeSet<>();
    deciding.forEach(it -> image.holder(it.key()).ifPresent(one -> named.add(one.toString())));
    if (named.isEmpty()) {
      image.views(service).keySet().forEach(one -> named.add(one.toString()));
    }
    named.retainAll(byName.keySet());
    Collection<String> left = named.isEmpty() ? byName.keySet() : named;
    if (left.size() != 1) {
      throw new RefusedException(
          Why.CONFLICT,
          left.isEmpty()
              ? choices(left)
              : "it could be kept in several sources, and nothing tells which for %s; %s"
                  .formatted(service, choices(left)));
    }
    OverrideStore store = Objects.requireNonNull(byName.get(left.iterator().next()));
    return new StoreChoice(store, beside(store, deciding, image));
  }

  private static String choices(Collection<String> names) {
    return names.isEmpty()
        ? "no source can hold documents: give the server a directory (sources.files), a Kubernetes"
            + " cluster, or a Consul with policies"
        : "choose with "
            + names.stream().map(it -> "--source " + it).collect(Collectors.joining(" or "));
  }

  /** The policies in force that name the service itself. */
  private static List<Document> policies(ServiceId service, CatalogImage image, PolicyIndex index) {
    NavigableSet<DocumentKey> keys = new TreeSet<>();
    index
        .policies(service)
        .forEach(
            port -> port.attributions().stream().map(Attribution::document).forEach(keys::add));
    List<Document> policies = new ArrayList<>();
    for (DocumentKey key : keys) {
      image
          .documents()
          .document(key)
          .filter(it -> it instanceof TrafficPolicy policy && isOwn(policy))
          .ifPresent(policies::add);
    }
    return policies;
  }

  private static boolean isOwn(TrafficPolicy policy) {
    return !policy.spec().target().service().equals(Target.EVERY_SERVICE);
  }

  private static Optional<String> beside(
      OverrideStore store, List<Document> deciding, CatalogImage image) {
    SourceName source = store.source();
    return deciding.stream()
        .filter(it -> image.holder(it.key()).filter(source::equals).isPresent())
        .map(it -> it.origin().start().file())
        .findFirst();
  }
}
