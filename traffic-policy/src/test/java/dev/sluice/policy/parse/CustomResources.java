package dev.sluice.policy.parse;

import dev.sluice.spec.Document;
import dev.sluice.spec.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The CustomResourceDefinition of each kind of document (apiextensions.k8s.io/v1). */
final class CustomResources {
  private static final String GROUP = "sluice.dev";

  private final SpecDocs docs;

  CustomResources(SpecDocs docs) {
    this.docs = docs;
  }

  /**
   * A kind as {@code kubectl} calls it.
   *
   * @param columns what {@code kubectl get} shows between name and age
   */
  private record Names(String plural, String shortName, List<Column> columns) {}

  /**
   * A column of {@code kubectl get}.
   *
   * @param priority 0 for always, 1 for {@code -o wide}
   */
  private record Column(String name, String path, String description, int priority) {
    static Column of(String name, String path, String description) {
      return new Column(name, path, description, 0);
    }

    /** What {@code key} says of a condition. */
    static Column condition(String name, String type, String key, String description) {
      return of(name, ".status.conditions[?(@.type==\"%s\")].%s".formatted(type, key), description);
    }

    Column wide() {
      return new Column(name, path, description, 1);
    }

    Map<String, Object> keywords() {
      Map<String, Object> keywords = new LinkedHashMap<>();
      keywords.put("name", name);
      keywords.put("type", name.equals("Age") ? "date" : "string");
      keywords.put("jsonPath", path);
      keywords.put("description", description);
      if (priority > 0) {
        keywords.put("priority", priority);
      }
      return keywords;
    }
  }

  /** The plural, by which the definition and its file are named. */
  static String plural(Kind kind) {
    return names(kind).plural;
  }

  private static Names names(Kind kind) {
    return switch (kind) {
      case TRAFFIC_POLICY ->
          new Names(
              "trafficpolicies",
              "tp",
              List.of(
                  Column.of("Target", ".spec.target.service", "The service that calls are made to"),
                  Column.of("Split", ".status.split", "How calls are divided among the versions")));
      case GATEWAY ->
          new Names(
              "gateways",
              "sgw",
              List.of(Column.of("Proxies", ".spec.proxies.selector", "Which proxies listen")));
      case INSTANCE_OVERRIDE ->
          new Names(
              "instanceoverrides",
              "io",
              List.of(
                  Column.of("Service", ".spec.service", "Whose instances"),
                  Column.of("State", ".spec.state", "What becomes of them"),
                  Column.of("Weight", ".spec.weight", "Their share among their peers"),
                  Column.of("Expires In", ".spec.expiresIn", "After which it no longer holds")));
      case STATIC_SERVICE ->
          new Names(
              "staticservices",
              "ss",
              List.of(
                  Column.of("Host", ".spec.host", "The DNS name that instances are found by"),
                  Column.of("Port", ".spec.ports[0].port", "The first that callers dial")));
    };
  }

  Map<String, Object> definition(Kind kind) {
    Names names = names(kind);
    String singular = kind.toString().toLowerCase(Locale.ROOT);
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("group", GROUP);
    spec.put(
        "names",
        ordered(
            "kind",
            kind.toString(),
            "listKind",
            kind + "List",
            "plural",
            names.plural,
            "singular",
            singular,
            "shortNames",
            List.of(names.shortName),
            "categories",
            List.of("sluice")));
    spec.put("scope", "Namespaced");
    spec.put("versions", List.of(version(kind, names)));
    return ordered(
        "apiVersion",
        "apiextensions.k8s.io/v1",
        "kind",
        "CustomResourceDefinition",
        "metadata",
        ordered(
            "name",
            names.plural + "." + GROUP,
            "labels",
            ordered("app.kubernetes.io/name", "sluice")),
        "spec",
        spec);
  }

  private Map<String, Object> version(Kind kind, Names names) {
    List<Object> columns = new ArrayList<>();
    names.columns.forEach(column -> columns.add(column.keywords()));
    columns.add(
        Column.condition("Accepted", "Accepted", "status", "Whether the document is in force")
            .keywords());
    columns.add(
        Column.of(
                "Programmed",
                ".status.programmed",
                "How many proxies have acknowledged it, of how many that it concerns")
            .keywords());
    columns.add(
        Column.condition("Reason", "Accepted", "reason", "Why it is in force, or is not")
            .wide()
            .keywords());
    columns.add(
        Column.of("Age", ".metadata.creationTimestamp", "Since when it is there").keywords());
    return ordered(
        "name",
        "v1",
        "served",
        true,
        "storage",
        true,
        "additionalPrinterColumns",
        columns,
        "subresources",
        ordered("status", Map.of()),
        "schema",
        ordered("openAPIV3Schema", root(kind)));
  }

  private Map<String, Object> root(Kind kind) {
    Map<String, Object> metadata =
        ordered(
            "type",
            "object",
            "properties",
            ordered("name", ordered("type", "string", "maxLength", 63)));
    return ordered(
        "description",
        about(kind),
        "type",
        "object",
        "required",
        List.of("spec"),
        "properties",
        ordered(
            "apiVersion", ordered("type", "string"),
            "kind", ordered("type", "string"),
            "metadata", metadata,
            "spec", new OpenApiSchema(docs).record(SpecSchema.specOf(kind)),
            "status", StatusSchema.of(kind)),
        "x-kubernetes-validations",
        List.of(OtherCelRules.name().keywords()));
  }

  /** What a document of the kind is. */
  private String about(Kind kind) {
    for (Class<?> type : Document.class.getPermittedSubclasses()) {
      if (type.getSimpleName().equals(kind.toString())) {
        return docs.of(type);
      }
    }
    throw new IllegalArgumentException(kind + " has no record");
  }

  /** A mapping of these keys and values, in this order. */
  static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
