package dev.sluice.server.conditions.kubernetes;

import dev.sluice.server.conditions.StatusObject;
import dev.sluice.server.conditions.StatusStore;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.WantedStatus;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The custom resources of a cluster, of which the statuses are written by server-side apply. */
public final class CustomResourceStatuses implements StatusStore {
  private static final String GRANT = "get on the kind, and patch on its subresource status";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("sluice")
          .withForce(true)
          .build();

  private final KubernetesClient client;

  /** Those of the cluster that the client reaches. */
  public CustomResourceStatuses(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public void begin() {} // Each is read before it is written.

  /** Nothing: a status goes with its object. */
  @Override
  public Set<String> look(Set<String> places, long now) {
    return Set.of();
  }

  /**
   * Writes a status.
   *
   * <p>It is written to the object as it was just read, or not at all: one that was stopped in
   * between writes over nothing that another one wrote.
   */
  @Override
  public boolean write(WantedStatus wanted) throws StoreException {
    for (Map.Entry<DocumentKey, StatusObject> only : wanted.documents().entrySet()) {
      try {
        return write(only.getKey(), only.getValue(), wanted.uid());
      } catch (KubernetesClientException e) {
        throw Failures.of(e, GRANT);
      }
    }
    throw new IllegalArgumentException(wanted.place() + " is no document");
  }

  private boolean write(DocumentKey key, StatusObject object, String uid) {
    Resource<GenericKubernetesResource> objects =
        client
            .genericKubernetesResources(Definitions.of(key.kind().toString()))
            .inNamespace(key.namespace())
            .withName(key.name());
    @Nullable GenericKubernetesResource before = objects.get();
    if (before == null || !uid.equals(before.getMetadata().getUid())) {
      return false;
    }
    @Nullable Object current = before.getAdditionalProperties().get("status");
    Map<String, Object> wanted = object.json(current, Instant.now());
    if (asRead(wanted).equals(withoutRollout(current))) {
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

  /** How a rollout stands is written there by others. */
  private static @Nullable Object withoutRollout(@Nullable Object status) {
    if (!(status instanceof Map<?, ?> map)) {
      return status;
    }
    Map<Object, Object> rest = new LinkedHashMap<>(map);
    rest.remove(RolloutStatuses.FIELD);
    return rest;
  }

  /** As it is when it comes back from an API server, whatever numbers it is made of. */
  private Map<?, ?> asRead(Map<String, Object> status) {
    KubernetesSerialization json = client.getKubernetesSerialization();
    return json.unmarshal(json.asJson(status), Map.class);
  }
}
