package dev.sluice.server.overrides;

import dev.sluice.policy.parse.Durations;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.InstanceOverride.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The InstanceOverride that {@code sluice drain} writes, whatever the store.
 *
 * @param key its name and namespace
 * @param service the service's name in that namespace
 * @param match the instance
 * @param wish what becomes of it
 * @param at when it is written
 */
record Drain(DocumentKey key, String service, Match match, Wish wish, Instant at) {
  /** The label by which its documents are told from those that people wrote. */
  static final String LABEL = "sluice.dev/written-by";

  /** The value of {@link #LABEL}. */
  static final String WRITER = "drain";

  private static final Duration LESS_THAN_A_SECOND = Duration.ofNanos(999_999_999);

  /** The annotations that it may have. */
  static final List<String> ANNOTATIONS =
      List.of("sluice.dev/at", "sluice.dev/by", "sluice.dev/reason");

  /** The keys that its {@code spec} may lack. */
  static final List<String> OPTIONAL_KEYS = List.of("state", "weight", "expiresIn");

  Drain {
    Objects.requireNonNull(key);
    Objects.requireNonNull(service);
    Objects.requireNonNull(match);
    Objects.requireNonNull(wish);
    // Up, so that what ends by itself lasts as long as was asked for.
    at = at.plus(LESS_THAN_A_SECOND).truncatedTo(ChronoUnit.SECONDS);
  }

  /** Whether {@code sluice drain} wrote a document. */
  static boolean wrote(InstanceOverride override) {
    return WRITER.equals(override.metadata().labels().get(LABEL));
  }

  /** The same, that ends {@code later} than so. */
  Drain prolonged(Duration later) {
    return new Drain(
        key,
        service,
        match,
        new Wish(
            wish.state(),
            wish.weight(),
            wish.expiresIn().map(length -> length.plus(later)),
            wish.reason(),
            wish.by()),
        at);
  }

  /** Labels, as its metadata have them. */
  Map<String, String> labels() {
    return Map.of(LABEL, WRITER);
  }

  /** Annotations, as its metadata have them. */
  Map<String, String> annotations() {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("sluice.dev/at", at.toString());
    wish.by().ifPresent(who -> annotations.put("sluice.dev/by", who));
    wish.reason().ifPresent(why -> annotations.put("sluice.dev/reason", why));
    return annotations;
  }

  /** Its {@code spec}. */
  Map<String, Object> spec() {
    return spec(
        service,
        match,
        wish.state().orElse(null),
        wish.weight().isPresent() ? wish.weight().getAsInt() : null,
        wish.expiresIn().orElse(null));
  }

  /** What tells an edition of a document from another: what it says, wherever it was read. */
  static String edition(InstanceOverride.Spec spec) {
    return DrainName.hash(
        Yaml.text(
            spec(spec.service(), spec.match(), spec.state(), spec.weight(), spec.expiresIn())));
  }

  private static Map<String, Object> spec(
      String service,
      Match match,
      @Nullable State state,
      @Nullable Integer weight,
      @Nullable Duration expiresIn) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("service", service);
    spec.put("match", match(match));
    if (state != null) {
      spec.put("state", state.name().toLowerCase(Locale.ROOT));
    }
    if (weight != null) {
      spec.put("weight", weight);
    }
    if (expiresIn != null) {
      spec.put("expiresIn", Durations.text(expiresIn));
    }
    return spec;
  }

  private static Map<String, Object> match(Match match) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (match.address() != null) {
      json.put("address", match.address());
    }
    if (match.pod() != null) {
      json.put("pod", match.pod());
    }
    if (!match.labels().isEmpty()) {
      json.put("labels", new LinkedHashMap<>(match.labels()));
    }
    return json;
  }

  /**
   * The document. It says itself when its time begins: neither a copy of a file nor a server that
   * starts anew prolongs it.
   */
  String yaml() {
    return yaml(Map.of("creationTimestamp", at.toString()));
  }

  /** The document for an API server, which keeps its own time. */
  String yamlWithoutTime() {
    return yaml(Map.of());
  }

  private String yaml(Map<String, Object> more) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", key.name());
    metadata.put("namespace", key.namespace());
    metadata.putAll(more);
    metadata.put("labels", labels());
    metadata.put("annotations", annotations());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "sluice.dev/v1");
    document.put("kind", key.kind().toString());
    document.put("metadata", metadata);
    document.put("spec", spec());
    return "# Written by sluice drain; sluice restore removes it.\n" + Yaml.text(document);
  }
}
