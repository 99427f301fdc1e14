package dev.sluice.server.source.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a custom resource: what its author wrote, and of its status how its rollout
 * stands.
 *
 * @param generation counts the author's edits ({@code metadata.generation})
 * @param uid whether it is still the same after it was deleted and made again
 * @param json the document
 * @param rollout {@code status.rollout} as JSON; empty where there is none
 */
record DocumentText(long generation, String uid, String json, String rollout) {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  DocumentText {
    Objects.requireNonNull(uid);
    Objects.requireNonNull(json);
    Objects.requireNonNull(rollout);
  }

  static DocumentText of(GenericKubernetesResource resource) {
    ObjectMeta metadata = resource.getMetadata();
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("name", metadata.getName());
    kept.put("namespace", metadata.getNamespace());
    if (metadata.getLabels() != null && !metadata.getLabels().isEmpty()) {
      kept.put("labels", metadata.getLabels());
    }
    kept.put("creationTimestamp", metadata.getCreationTimestamp());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", resource.getApiVersion());
    document.put("kind", resource.getKind());
    document.put("metadata", kept);
    Object spec = resource.getAdditionalProperties().get("spec");
    if (spec != null) {
      document.put("spec", spec);
    }
    return new DocumentText(
        Objects.requireNonNullElse(metadata.getGeneration(), 0L),
        Objects.requireNonNullElse(metadata.getUid(), ""),
        JSON.asJson(document),
        rollout(resource.getAdditionalProperties().get("status")));
  }

  private static String rollout(@Nullable Object status) {
    Object rollout = status instanceof Map<?, ?> map ? map.get("rollout") : null;
    return rollout == null ? "" : JSON.asJson(rollout);
  }
}
