package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.server.kubernetes.Words;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Custom resources of a Kubernetes cluster, written by server-side apply, and over nothing but the
 * edition that was just read.
 */
public final class ClusterStore implements OverrideStore {
  private static final String KIND = Kind.INSTANCE_OVERRIDE.toString();
  private static final String PLURAL = Definitions.plural(KIND);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("sluice-drain")
          .withForce(true)
          .build();

  private final SourceName source;
  private final KubernetesClient client;
  private final List<String> namespaces;

  /**
   * A store in a cluster that a source watches.
   *
   * @param client its own: it ends with the store
   * @param namespaces those that the source watches; none for all
   */
  public ClusterStore(SourceName source, KubernetesClient client, List<String> namespaces) {
    this.source = source;
    this.client = client;
    this.namespaces = List.copyOf(namespaces);
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
    if (!namespaces.isEmpty() && !namespaces.contains(namespace)) {
      throw new RefusedException(
          Why.STORE,
          "%s: the namespace %s is not watched (namespaces: %s), so that a document in it would have no effect; name another source with --source"
              .formatted(source, namespace, String.join(", ", namespaces)));
    }
    @Nullable GenericKubernetesResource there = read(drain.key());
    Drain stored = there == null ? drain : drain.prolonged(age(there, drain.at()));
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(Definitions.GROUP + "/v1");
    object.setKind(KIND);
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(drain.key().name())
            .withNamespace(namespace)
            .withLabels(drain.labels())
            .withAnnotations(drain.annotations())
            .withResourceVersion(there == null ? null : there.getMetadata().getResourceVersion())
            .build());
    object.setAdditionalProperties(Map.of("spec", stored.spec()));
    asked("patch", drain.key(), () -> client.resource(object).patch(APPLY));
    return stored;
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
  public void remove(InstanceOverride written) {
    @Nullable GenericKubernetesResource there = read(written.key());
    if (there != null) {
      asked(
          "delete",
          written.key(),
          () ->
              client
                  .resource(there)
                  .lockResourceVersion(there.getMetadata().getResourceVersion())
                  .delete());
    }
  }

  /** The object, which is ours; null where there is none. */
  private @Nullable GenericKubernetesResource read(DocumentKey key) {
    Resource<GenericKubernetesResource> objects =
        client
            .genericKubernetesResources(Definitions.of(KIND))
            .inNamespace(key.namespace())
            .withName(key.name());
    @Nullable GenericKubernetesResource there = asked("get", key, objects::get);
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
                "%s: the server may not %s %s in the namespace %s; grant it get, create, patch and delete there (the chart's kubernetes.overrides does): %s"
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
