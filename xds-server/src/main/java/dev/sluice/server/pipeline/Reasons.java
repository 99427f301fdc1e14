package dev.sluice.server.pipeline;

import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.Reason.Kind;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.DocumentsDelta;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.IpLiteral;
import dev.sluice.spec.NamedServices;
import dev.sluice.spec.StaticService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells what of a change brought a revision about: documents with their places, and instances. */
final class Reasons {
  /** A revision keeps no more, so that the history stays small. */
  static final int MOST = 20;

  /** A service tells of no more of its instances. */
  static final int MOST_INSTANCES = 5;

  private Reasons() {}

  /** The first of them: documents, then services, then secrets. */
  static List<Reason> of(Change change) {
    return Stream.of(documents(change.documents()), services(change.catalog()), secrets(change))
        .flatMap(all -> all)
        .limit(MOST)
        .toList();
  }

  private static Stream<Reason> documents(DocumentsDelta delta) {
    Set<DocumentKey> keys = new TreeSet<>(delta.changed());
    keys.addAll(delta.removed());
    return keys.stream()
        .filter(
            key ->
                delta.removed().contains(key)
                    || !delta.before().document(key).equals(delta.after().document(key)))
        .map(
            key -> {
              Optional<Document> before = delta.before().document(key);
              Optional<Document> after = delta.after().document(key);
              Set<ServiceId> services = new TreeSet<>();
              before.ifPresent(it -> services.addAll(concerned(it)));
              after.ifPresent(it -> services.addAll(concerned(it)));
              return new Reason(
                  Kind.DOCUMENT,
                  key.toString(),
                  delta.removed().contains(key)
                      ? removed(before, after)
                      : (before.isPresent() ? "changed in " : "new in ") + place(after),
                  new TreeSet<>(services));
            });
  }

  /** An override that has ended is removed from what is in force, and is there still. */
  private static String removed(Optional<Document> before, Optional<Document> after) {
    return after.isPresent()
        ? "ended (expiresIn), is in " + place(after)
        : "gone, was in " + place(before);
  }

  private static String place(Optional<Document> document) {
    return document.map(it -> it.origin().toString()).orElse("a document that is not known");
  }

  private static Set<ServiceId> concerned(Document document) {
    String namespace = document.metadata().namespace();
    return switch (document) {
      case InstanceOverride override ->
          Set.of(ServiceId.parse(override.spec().service(), namespace));
      case StaticService service -> Set.of(new ServiceId(service.metadata().name(), namespace));
      default -> NamedServices.of(document);
    };
  }

  private static Stream<Reason> services(CatalogDelta delta) {
    Set<ServiceId> ids = new TreeSet<>(delta.changed());
    ids.addAll(delta.removed());
    return ids.stream()
        .map(
            id ->
                new Reason(
                    Kind.SERVICE,
                    id.toString(),
                    service(delta.before().service(id), delta.after().service(id)),
                    new TreeSet<>(Set.of(id))));
  }

  private static String service(Optional<Service> before, Optional<Service> after) {
    if (before.isEmpty() && after.isPresent()) {
      return "new, with %s".formatted(count(after.get().endpoints().size()));
    }
    if (after.isEmpty()) {
      return "gone";
    }
    List<String> changes = instances(before.orElseThrow(), after.get());
    if (changes.isEmpty()) {
      return "its ports or its DNS name changed";
    }
    int more = changes.size() - MOST_INSTANCES;
    return changes.stream().limit(MOST_INSTANCES).collect(Collectors.joining(", "))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private static String count(int instances) {
    return instances + (instances == 1 ? " instance" : " instances");
  }

  private static List<String> instances(Service before, Service after) {
    Map<String, Endpoint> old = byName(before);
    Map<String, Endpoint> now = byName(after);
    List<String> changes = new ArrayList<>();
    now.forEach(
        (name, endpoint) -> {
          Endpoint was = old.get(name);
          if (was == null) {
            changes.add("%s came (%s)".formatted(name, endpoint.source()));
          } else if (!was.equals(endpoint)) {
            changes.add(name + " " + change(was, endpoint));
          }
        });
    old.forEach(
        (name, endpoint) -> {
          if (!now.containsKey(name)) {
            changes.add("%s went (%s)".formatted(name, endpoint.source()));
          }
        });
    return changes;
  }

  private static Map<String, Endpoint> byName(Service service) {
    Map<String, Endpoint> byName = new LinkedHashMap<>();
    service.endpoints().forEach(endpoint -> byName.put(name(endpoint), endpoint));
    return byName;
  }

  private static String name(Endpoint endpoint) {
    return endpoint.ports().values().stream()
        .distinct()
        .map(String::valueOf)
        .collect(Collectors.joining("/", IpLiteral.asHost(endpoint.address()) + ":", ""));
  }

  private static String change(Endpoint before, Endpoint after) {
    List<String> parts = new ArrayList<>();
    part(parts, "", before.health(), after.health());
    part(parts, "weight ", before.weight(), after.weight());
    part(parts, "from ", before.source(), after.source());
    if (!before.labels().equals(after.labels())) {
      parts.add("other labels");
    }
    if (!before.locality().equals(after.locality())) {
      parts.add("another locality");
    }
    return parts.isEmpty() ? "other ports" : String.join(" and ", parts);
  }

  private static void part(List<String> parts, String what, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      parts.add("%s%s to %s".formatted(what, before, after));
    }
  }

  private static Stream<Reason> secrets(Change change) {
    return Stream.concat(
        change.secrets().changed().stream()
            .map(id -> new Reason(Kind.SECRET, id.toString(), "changed", new TreeSet<>())),
        change.secrets().removed().stream()
            .map(id -> new Reason(Kind.SECRET, id.toString(), "gone", new TreeSet<>())));
  }
}
