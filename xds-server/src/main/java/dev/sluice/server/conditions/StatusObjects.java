package dev.sluice.server.conditions;

import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.spec.DocumentKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The custom resources of a cluster, of which the statuses are written by server-side apply. */
final class StatusObjects {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("sluice")
          .withForce(true)
          .build();

  private final KubernetesClient client;

  StatusObjects(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes a status.
   *
   * <p>It is written to the object as it was just read, or not at all: one that was stopped in
   * between writes over nothing that another one wrote.
   *
   * @return whether it stands there now: not in an object that went, came anew or changed meanwhile
   * @throws KubernetesClientException where it cannot be
   */
  boolean write(DocumentKey key, Standing standing) {
    Resource<GenericKubernetesResource> objects =
        client
            .genericKubernetesResources(Definitions.of(key.kind().toString()))
            .inNamespace(key.namespace())
            .withName(key.name());
    @Nullable GenericKubernetesResource before = objects.get();
    if (before == null || !standing.uid().equals(before.getMetadata().getUid())) {
      return false;
    }
    Map<String, Object> wanted = StatusObject.of(standing, before, Instant.now());
    if (asRead(wanted).equals(before.getAdditionalProperties().get("status"))) {
      return true;
    }
    GenericKubernetesResource status = new GenericKubernetesResource();
    status.setApiVersion(before.getApiVersion());
    status.setKind(before.getKind());
    status.setMetadata(
        new ObjectMetaBuilder()
            .withName(key.name())
            .withNamespace(key.namespace())
            .withResourceVersion(before.getMetadata().getResourceVersion())
            .build());
    status.setAdditionalProperty("status", wanted);
    try {
      client.resource(status).subresource("status").patch(APPLY);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /** As it is when it comes back from an API server, whatever numbers it is made of. */
  private Map<?, ?> asRead(Map<String, Object> status) {
    KubernetesSerialization json = client.getKubernetesSerialization();
    return json.unmarshal(json.asJson(status), Map.class);
  }
}
