package dev.sluice.server.conditions;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where replicas leave what the one that writes statuses has to know: a ConfigMap with an entry for
 * each, which only that one watches. Of one thread.
 */
public final class ReplicaBoard {
  /** Before a replica's identity: who owns its entry. */
  private static final String FIELD_MANAGER = "sluice-";

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final String identity;
  private @Nullable SharedIndexInformer<ConfigMap> watch;
  private boolean left;

  /**
   * A board that is not read yet.
   *
   * @param namespace of the ConfigMap, which is made when it is needed
   * @param name of the ConfigMap
   * @param identity who this replica is; unique among them, and of letters, digits, "-", "_", "."
   */
  public ReplicaBoard(KubernetesClient client, String namespace, String name, String identity) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
  }

  /**
   * Leaves what this replica tells, in place of what it left before.
   *
   * @throws KubernetesClientException where it cannot
   */
  void leave(String text) {
    apply(identity, Map.of(identity, text));
    left = true;
  }

  /** Takes back what this replica left, if it left anything. */
  void withdraw() {
    if (left) {
      remove(identity);
      left = false;
    }
  }

  /** Removes what a replica left. */
  void remove(String replica) {
    apply(replica, Map.of());
  }

  /** Each replica is the manager of its entry: what it does not apply any more goes. */
  private void apply(String replica, Map<String, String> entries) {
    ConfigMap map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .withBinaryData(entries)
            .build();
    client
        .resource(map)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(FIELD_MANAGER + replica)
                .withForce(true)
                .build());
  }

  /** Begins to watch what the others leave, if it does not yet. */
  void open() {
    if (watch == null) {
      watch = maps().runnableInformer(0);
      watch.exceptionHandler((_, _) -> true);
      var _ = watch.start();
    }
  }

  /** Watches no more. */
  void shut() {
    if (watch != null) {
      watch.stop();
      watch = null;
    }
  }

  /** Whether what the others left is known. */
  boolean isListed() {
    return watch != null && watch.hasSynced();
  }

  /** What the others left, by who they are. */
  Map<String, String> others() {
    return others(watch == null ? null : watch.getStore().getByKey(namespace + "/" + name));
  }

  /**
   * What the others left, as the API server has it at the moment.
   *
   * @throws KubernetesClientException where it cannot be asked
   */
  Map<String, String> ask() {
    List<ConfigMap> found = maps().list().getItems();
    return others(found.isEmpty() ? null : found.getFirst());
  }

  private Map<String, String> others(@Nullable ConfigMap map) {
    if (map == null || map.getBinaryData() == null) {
      return Map.of();
    }
    Map<String, String> others = new HashMap<>(map.getBinaryData());
    others.remove(identity);
    return others;
  }

  private FilterWatchListDeletable<ConfigMap, ConfigMapList, Resource<ConfigMap>> maps() {
    return client.configMaps().inNamespace(namespace).withField("metadata.name", name);
  }

  @Override
  public String toString() {
    return "ConfigMap " + namespace + "/" + name;
  }
}
