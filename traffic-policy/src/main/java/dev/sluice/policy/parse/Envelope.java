package dev.sluice.policy.parse;

import dev.sluice.policy.parse.YamlNode.Entry;
import dev.sluice.policy.parse.YamlNode.Mapping;
import dev.sluice.policy.parse.YamlNode.Scalar;
import dev.sluice.policy.validate.Validator;
import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Problem;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Origin;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.TrafficPolicySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every document has around its specification: apiVersion, kind, metadata. */
final class Envelope {
  private static final String API_VERSION = "sluice.dev/v1";
  private static final List<String> KEYS = List.of("apiVersion", "kind", "metadata", "spec");
  private static final String STATUS = "status";

  private final YamlNode root;
  private final Findings findings = new Findings();
  private final Binder binder = new Binder(findings, Variables.NONE);
  private final Map<String, YamlNode> given = new HashMap<>();

  private Envelope(YamlNode root) {
    this.root = root;
  }

  /**
   * What a document holds.
   *
   * @param key what it is known by, where that could be read
   * @param document the document, where it could be read; it may be wrong all the same
   * @param problems all that is wrong with it
   */
  record Contents(Optional<DocumentKey> key, Optional<Document> document, List<Problem> problems) {}

  /** Reads a document and validates it. */
  static Contents open(YamlNode root) {
    return new Envelope(root).open();
  }

  private Contents open() {
    findings.position(JsonPath.ROOT, root.location());
    if (!(root instanceof Mapping mapping)) {
      findings.problem(
          root.location(),
          JsonPath.ROOT,
          "a document must be a mapping with the keys "
              + String.join(", ", KEYS)
              + ", not "
              + Messages.noun(root));
      return new Contents(Optional.empty(), Optional.empty(), findings.problems());
    }
    mapping.entries().forEach(this::take);
    boolean ours = readApiVersion();
    Optional<Kind> kind = readKind(ours);
    if (kind.isEmpty() && !ours) {
      return new Contents(Optional.empty(), Optional.empty(), findings.problems());
    }
    Optional<MetadataKeys> metadata = read(MetadataKeys.class, "metadata");
    Optional<Document> document = kind.flatMap(known -> document(known, metadata));
    List<Problem> problems = new ArrayList<>(findings.problems());
    document.ifPresent(read -> problems.addAll(Validator.validate(read, findings.lost())));
    return new Contents(key(), document, problems);
  }

  private void take(Entry entry) {
    String key = entry.key().text();
    if (KEYS.contains(key)) {
      given.put(key, key.equals("metadata") ? withoutNullTimestamp(entry.value()) : entry.value());
    } else if (!key.equals(STATUS)) {
      findings.problem(
          entry.key().location(), JsonPath.key(JsonPath.ROOT, key), Messages.unknownKey(key, KEYS));
    }
  }

  /** {@code kubectl create --dry-run} writes {@code creationTimestamp: null}. */
  private static YamlNode withoutNullTimestamp(YamlNode metadata) {
    if (!(metadata instanceof Mapping mapping)) {
      return metadata;
    }
    return new Mapping(
        mapping.location(),
        mapping.entries().stream()
            .filter(
                entry ->
                    !(entry.key().text().equals("creationTimestamp")
                        && entry.value() instanceof Scalar scalar
                        && scalar.type() == ScalarType.NULL))
            .toList());
  }

  /** Whether the document is meant for us, however well its version is written. */
  private boolean readApiVersion() {
    Optional<String> version = read(String.class, "apiVersion");
    if (version.isPresent() && !version.get().equals(API_VERSION)) {
      findings.problem(
          given.getOrDefault("apiVersion", root).location(),
          "$.apiVersion",
          Messages.shown(version.get()) + " is not known here; only " + API_VERSION + " is read");
    }
    return version.map(text -> text.startsWith("sluice.")).orElse(true);
  }

  private Optional<Kind> readKind(boolean ours) {
    YamlNode node = given.get("kind");
    boolean foreign =
        !ours && text(node).flatMap(word -> Words.constant(Kind.class, word)).isEmpty();
    return foreign ? Optional.empty() : read(Kind.class, "kind");
  }

  private Optional<Document> document(Kind kind, Optional<MetadataKeys> metadata) {
    Optional<Metadata> known = metadata.map(MetadataKeys::metadata);
    return switch (kind) {
      case TRAFFIC_POLICY ->
          read(TrafficPolicySpec.class, "spec")
              .flatMap(spec -> known.map(meta -> new TrafficPolicy(meta, spec, origin())));
      case GATEWAY ->
          read(Gateway.Spec.class, "spec")
              .flatMap(spec -> known.map(meta -> new Gateway(meta, spec, origin())));
      case STATIC_SERVICE ->
          read(StaticService.Spec.class, "spec")
              .flatMap(spec -> known.map(meta -> new StaticService(meta, spec, origin())));
      case INSTANCE_OVERRIDE ->
          read(InstanceOverride.Spec.class, "spec")
              .flatMap(
                  spec ->
                      known.map(
                          meta ->
                              new InstanceOverride(
                                  meta, spec, origin(), meta.creationTimestamp())));
    };
  }

  private Origin origin() {
    return new Origin(root.location(), findings.positions());
  }

  private <T> Optional<T> read(Class<T> type, String key) {
    String path = JsonPath.key(JsonPath.ROOT, key);
    YamlNode node = given.get(key);
    if (node == null) {
      findings.lost(root.location(), path, Messages.REQUIRED);
      return Optional.empty();
    }
    return binder.bind(type, node, path);
  }

  /** The key also of a document that is wrong, as far as kind and name are legible. */
  private Optional<DocumentKey> key() {
    Optional<Kind> kind = text(given.get("kind")).flatMap(word -> Words.constant(Kind.class, word));
    Map<String, YamlNode> metadata = new HashMap<>();
    if (given.get("metadata") instanceof Mapping mapping) {
      mapping.entries().forEach(entry -> metadata.put(entry.key().text(), entry.value()));
    }
    Optional<String> namespace =
        metadata.containsKey("namespace")
            ? text(metadata.get("namespace"))
            : Optional.of(Metadata.DEFAULT_NAMESPACE);
    return kind.flatMap(
        known ->
            namespace.flatMap(
                within ->
                    text(metadata.get("name")).map(name -> new DocumentKey(known, within, name))));
  }

  private static Optional<String> text(@Nullable YamlNode node) {
    return node instanceof Scalar scalar && scalar.type() == ScalarType.STRING
        ? Optional.of(scalar.text())
        : Optional.empty();
  }
}
