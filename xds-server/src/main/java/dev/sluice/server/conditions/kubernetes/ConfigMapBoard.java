package dev.sluice.server.conditions.kubernetes;

import dev.sluice.server.conditions.ReplicaBoard;
import dev.sluice.server.conditions.StoreException;
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
 * Where the replicas of a cluster's servers leave what the one that writes statuses has to know: a
 * ConfigMap with an entry for each, which only that one watches.
 */
public final class ConfigMapBoard implements ReplicaBoard {
  private static final String LEAVE = "create and patch on configmaps";
  private static final String READ = "list, watch and patch on configmaps";

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
  public ConfigMapBoard(KubernetesClient client, String namespace, String name, String identity) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
  }

  @Override
  public void leave(String report) throws StoreException {
    apply(identity, Map.of(identity, report), LEAVE);
    left = true;
  }

  @Override
  public boolean isLeft() {
    return left;
  }

  @Override
  public void withdraw() throws StoreException {
    if (left) {
      apply(identity, Map.of(), LEAVE);
      left = false;
    }
  }

  @Override
  public void remove(String replica) throws StoreException {
    apply(replica, Map.of(), READ);
  }

  /** Each replica is the manager of its entry: what it does not apply any more goes. */
  private void apply(String replica, Map<String, String> entries, String grant)
      throws StoreException {
    ConfigMap map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .withBinaryData(entries)
            .build();
    PatchContext apply =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER + replica)
            .withForce(true)
            .build();
    try {
      client.resource(map).patch(apply);
    } catch (KubernetesClientException e) {
      throw Failures.of(e, grant);
    }
  }

  @Override
  public void open() {
    if (watch == null) {
      watch = maps().runnableInformer(0);
      watch.exceptionHandler((_, _) -> true);
      var _ = watch.start();
    }
  }

  @Override
  public void shut() {
    if (watch != null) {
      watch.stop();
      watch = null;
    }
  }

  @Override
  public boolean isListed() {
    return watch != null && watch.hasSynced();
  }

  @Override
  public Map<String, String> others() {
    return others(watch == null ? null : watch.getStore().getByKey(namespace + "/" + name));
  }

  @Override
  public Map<String, String> ask() throws StoreException {
    try {
      List<ConfigMap> found = maps().list().getItems();
      return others(found.isEmpty() ? null : found.getFirst());
    } catch (KubernetesClientException e) {
      throw Failures.of(e, READ);
    }
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
