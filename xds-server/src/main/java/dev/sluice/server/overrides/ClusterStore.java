package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.server.kubernetes.Words;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Origin;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Custom resources of a Kubernetes cluster, created where there is none, and changed or deleted
 * only as they were just read.
 */
public final class ClusterStore implements OverrideStore {
  private static final String KIND = Kind.INSTANCE_OVERRIDE.toString();
  private static final String PLURAL = Definitions.plural(KIND);
  private static final String MANAGER = "sluice-drain";
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(MANAGER)
          .build();

  private final SourceName source;
  private final KubernetesClient client;
  private final List<String> namespaces;
  private final DocumentReader reader;

  /**
   * A store in a cluster that a source watches.
   *
   * @param client its own: it ends with the store
   * @param namespaces those that the source watches; none for all
   */
  public ClusterStore(
      SourceName source, KubernetesClient client, List<String> namespaces, DocumentReader reader) {
    this.source = source;
    this.client = client;
    this.namespaces = List.copyOf(namespaces);
    this.reader = reader;
  }

  @Override
  public SourceName source() {
    return source;
  }

  @Override
  public String place(DocumentKey key, Optional<InstanceOverride> before, Optional<String> beside) {
    return place(key);
  }

  /** As kubectl takes it. */
  private static String place(DocumentKey key) {
    return PLURAL + "." + Definitions.GROUP + "/" + key.name() + " -n " + key.namespace();
  }

  @Override
  public Drain write(Drain drain, Optional<InstanceOverride> before, Optional<String> beside) {
    String namespace = drain.key().namespace();
    if (!isWatched(namespace)) {
      throw new RefusedException(
          Why.STORE,
          "%s: the namespace %s is not watched (namespaces: %s), so that a document in it would have no effect; name another source with --source"
              .formatted(source, namespace, String.join(", ", namespaces)));
    }
    @Nullable GenericKubernetesResource there = read(drain.key());
    if (there == null) {
      GenericKubernetesResource object = object(drain);
      asked("create", drain.key(), () -> objects(namespace).resource(object).create());
      return drain;
    }
    Drain stored = drain.prolonged(age(there, drain.at()));
    String change = client.getKubernetesSerialization().asJson(change(stored, there));
    asked("patch", drain.key(), () -> objects(namespace).resource(there).patch(MERGE, change));
    return stored;
  }

  private static GenericKubernetesResource object(Drain drain) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(Definitions.GROUP + "/v1");
    object.setKind(KIND);
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(drain.key().name())
            .withNamespace(drain.key().namespace())
            .withLabels(drain.labels())
            .withAnnotations(drain.annotations())
            .build());
    object.setAdditionalProperties(Map.of("spec", drain.spec()));
    return object;
  }

  /** What the object gets, if it is still the edition that was read; null takes a key away. */
  private static Map<String, Object> change(Drain drain, GenericKubernetesResource there) {
    Map<String, @Nullable Object> annotations = new LinkedHashMap<>();
    Drain.ANNOTATIONS.forEach(key -> annotations.put(key, null));
    annotations.putAll(drain.annotations());
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    Drain.OPTIONAL_KEYS.forEach(key -> spec.put(key, null));
    spec.putAll(drain.spec());
    return Map.of(
        "metadata",
        Map.of(
            "resourceVersion",
            there.getMetadata().getResourceVersion(),
            "labels",
            drain.labels(),
            "annotations",
            annotations),
        "spec",
        spec);
  }

  @Override
  public String text(Drain drain) {
    return drain.yamlWithoutTime();
  }

  /** Its time counts from when the API server took it, which an edit does not change. */
  private static Duration age(GenericKubernetesResource there, Instant now) {
    String created = there.getMetadata().getCreationTimestamp();
    Duration age = created == null ? Duration.ZERO : Duration.between(Instant.parse(created), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  @Override
  public Removal remove(InstanceOverride written) {
    @Nullable GenericKubernetesResource there = read(written.key());
    if (there == null) {
      return Removal.GONE_ALREADY;
    }
    asked(
        "delete",
        written.key(),
        () ->
            objects(written.key().namespace())
                .resource(there)
                .lockResourceVersion(there.getMetadata().getResourceVersion())
                .delete());
    return Removal.REMOVED;
  }

  @Override
  public List<InstanceOverride> drains(String namespace, Collection<InstanceOverride> known) {
    if (!isWatched(namespace)) {
      return List.of();
    }
    List<GenericKubernetesResource> objects =
        asked(
            "list", new DocumentKey(Kind.INSTANCE_OVERRIDE, namespace, ""), () -> list(namespace));
    return objects.stream().flatMap(it -> drain(it).stream()).toList();
  }

  private List<GenericKubernetesResource> list(String namespace) {
    try {
      return objects(namespace).withLabel(Drain.LABEL, Drain.WRITER).list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return List.of(); // The cluster does not have the definition.
      }
      throw e;
    }
  }

  /** The document, as the source reads it. */
  private Optional<InstanceOverride> drain(GenericKubernetesResource object) {
    ObjectMeta metadata = object.getMetadata();
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("name", metadata.getName());
    kept.put("namespace", metadata.getNamespace());
    kept.put("labels", metadata.getLabels());
    kept.put("creationTimestamp", metadata.getCreationTimestamp());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", object.getApiVersion());
    document.put("kind", object.getKind());
    document.put("metadata", kept);
    document.put("spec", object.getAdditionalProperties().get("spec"));
    Location place =
        Location.ofFile(
            "%s/%s/%s/%s".formatted(source, PLURAL, metadata.getNamespace(), metadata.getName()));
    return reader
        .readJson(place.file(), client.getKubernetesSerialization().asJson(document))
        .items()
        .stream()
        .flatMap(item -> item.document().stream())
        .map(read -> (InstanceOverride) read.at(new Origin(place, Map.of())))
        .findFirst();
  }

  private boolean isWatched(String namespace) {
    return namespaces.isEmpty() || namespaces.contains(namespace);
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      objects(String namespace) {
    return client.genericKubernetesResources(Definitions.of(KIND)).inNamespace(namespace);
  }

  /** The object, which is ours; null where there is none. */
  private @Nullable GenericKubernetesResource read(DocumentKey key) {
    @Nullable GenericKubernetesResource there =
        asked("get", key, () -> objects(key.namespace()).withName(key.name()).get());
    if (there != null && !isOurs(there.getMetadata())) {
      throw new RefusedException(
          Why.CONFLICT,
          "%s: %s was written by hand: it has no label %s: %s; edit it by hand"
              .formatted(source, place(key), Drain.LABEL, Drain.WRITER));
    }
    return there;
  }

  private static boolean isOurs(ObjectMeta metadata) {
    return metadata.getLabels() != null
        && Drain.WRITER.equals(metadata.getLabels().get(Drain.LABEL));
  }

  private <T extends @Nullable Object> T asked(String verb, DocumentKey key, Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw switch (e.getCode()) {
        case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_UNAUTHORIZED ->
            new RefusedException(
                Why.STORE,
                "%s: the server may not %s %s in the namespace %s; grant it get, list, create, patch and delete there (the chart's kubernetes.overrides does): %s"
                    .formatted(
                        source,
                        verb,
                        PLURAL + "." + Definitions.GROUP,
                        key.namespace(),
                        Words.of(e)));
        case HttpURLConnection.HTTP_CONFLICT ->
            new RefusedException(
                Why.CONFLICT,
                "%s: somebody else wrote %s at the same moment; run the command again: %s"
                    .formatted(source, place(key), Words.of(e)));
        default ->
            new RefusedException(
                Why.STORE, "%s: cannot %s %s: %s".formatted(source, verb, place(key), Words.of(e)));
      };
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
