package dev.sluice.server.conditions.kubernetes;

import dev.sluice.server.conditions.KeptTexts;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code status.rollout} of TrafficPolicies, by server-side apply under a name of its own, so that
 * whoever writes the rest of a status leaves it as it is.
 */
public final class RolloutStatuses implements KeptTexts {
  /** The field of a status. */
  static final String FIELD = "rollout";

  private static final String GRANT =
      "get and list on trafficpolicies, and patch on trafficpolicies/status";
  private static final long PAGE = 500;

  /** Who writes the rest of a status may come between. */
  private static final int MOST_TRIES = 5;

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("sluice-rollouts")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final List<String> namespaces;
  private final Supplier<Optional<SortedMap<DocumentKey, String>>> watched;

  /**
   * Those of a cluster.
   *
   * @param namespaces none for all
   * @param watched the field of each policy, by who watches these; empty while they are not listed
   */
  public RolloutStatuses(
      KubernetesClient client,
      List<String> namespaces,
      Supplier<Optional<SortedMap<DocumentKey, String>>> watched) {
    this.client = client;
    this.namespaces = List.copyOf(namespaces);
    this.watched = watched;
  }

  @Override
  public Optional<SortedMap<DocumentKey, String>> known() {
    return watched.get();
  }

  /** None but those of the source, which watches them. */
  @Override
  public Optional<String> trouble() {
    return Optional.empty();
  }

  @Override
  public SortedMap<DocumentKey, String> read() throws StoreException {
    SortedMap<DocumentKey, String> all = new TreeMap<>();
    try {
      if (namespaces.isEmpty()) {
        read(null, all);
      }
      for (String namespace : namespaces) {
        read(namespace, all);
      }
      return all;
    } catch (KubernetesClientException e) {
      throw Failures.of(e, GRANT);
    }
  }

  private void read(@Nullable String namespace, SortedMap<DocumentKey, String> all) {
    @Nullable String next = null;
    do {
      var options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
      GenericKubernetesResourceList page =
          namespace == null
              ? policies().inAnyNamespace().list(options)
              : policies().inNamespace(namespace).list(options);
      for (GenericKubernetesResource one : page.getItems()) {
        String text = text(one);
        if (!text.isEmpty()) {
          all.put(key(one), text);
        }
      }
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
  }

  private static DocumentKey key(GenericKubernetesResource policy) {
    return new DocumentKey(
        Kind.TRAFFIC_POLICY, policy.getMetadata().getNamespace(), policy.getMetadata().getName());
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      policies() {
    return client.genericKubernetesResources(Definitions.of(Kind.TRAFFIC_POLICY.toString()));
  }

  private String text(GenericKubernetesResource policy) {
    Object status = policy.getAdditionalProperties().get("status");
    Object field = status instanceof Map<?, ?> map ? map.get(FIELD) : null;
    return field == null ? "" : client.getKubernetesSerialization().asJson(field);
  }

  /** Whoever writes: the policy has to be as it was read a moment ago. */
  @Override
  public boolean write(DocumentKey policy, Predicate<String> isExpected, String text, Writer writer)
      throws StoreException {
    for (int i = 0; i < MOST_TRIES; i++) {
      try {
        return write(policy, isExpected, text);
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          throw Failures.of(e, GRANT);
        }
      }
    }
    return false;
  }

  private boolean write(DocumentKey policy, Predicate<String> isExpected, String text) {
    @Nullable GenericKubernetesResource before =
        policies().inNamespace(policy.namespace()).withName(policy.name()).get();
    if (before == null) {
      return text.isEmpty(); // It went with its policy.
    }
    String stands = text(before);
    if (!isExpected.test(stands)) {
      return false;
    }
    if (text.isEmpty() && stands.isEmpty()) {
      return true;
    }
    GenericKubernetesResource next = new GenericKubernetesResource();
    next.setApiVersion(before.getApiVersion());
    next.setKind(before.getKind());
    next.setMetadata(
        new ObjectMetaBuilder()
            .withName(policy.name())
            .withNamespace(policy.namespace())
            .withResourceVersion(before.getMetadata().getResourceVersion())
            .build());
    next.setAdditionalProperty(
        "status",
        text.isEmpty()
            ? Map.of()
            : Map.of(FIELD, client.getKubernetesSerialization().unmarshal(text, Map.class)));
    policies().inNamespace(policy.namespace()).resource(next).subresource("status").patch(APPLY);
    return true;
  }

  @Override
  public String toString() {
    return "status.rollout of TrafficPolicies";
  }
}
