package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Locality;
import dev.sluice.secret.SecretId;
import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.server.source.SecretTexts;
import dev.sluice.server.source.kubernetes.ClusterServices.Kinds;
import dev.sluice.server.source.kubernetes.KubernetesSource.Options;
import dev.sluice.spec.Kind;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Begins the watches of a cluster: which objects, and what is kept of each. */
final class ClusterWatches {
  private final KubernetesClient client;
  private final Options options;
  private final Touched touched;

  ClusterWatches(KubernetesClient client, Options options, Touched touched) {
    this.client = client;
    this.options = options;
    this.touched = touched;
  }

  /** All that services are made of. */
  Kinds services() {
    return new Kinds(
        Watched.start("services", options.namespaces(), this::serviceWatch),
        Watched.start("endpointslices.discovery.k8s.io", options.namespaces(), this::sliceWatch),
        Watched.start("pods", options.namespaces(), this::podWatch),
        Watched.start("nodes", List.of(), this::nodeWatch));
  }

  /** The same with Endpoints objects, for an API server that has no EndpointSlices. */
  Kinds withEndpoints(Kinds kinds) {
    kinds.slices().close();
    return new Kinds(
        kinds.services(),
        Watched.start("endpoints", options.namespaces(), this::endpointsWatch),
        kinds.pods(),
        kinds.nodes());
  }

  /**
   * Has all objects of a kind looked at once more.
   *
   * @param known the keys of those that were looked at before, which may be gone by now
   */
  void lookAgain(Watched<?> kind, Collection<String> known) {
    Stream.concat(kind.keys().stream(), known.stream()).forEach(key -> touched.doubtful(kind, key));
  }

  private Watch<Service, ServiceFacts> serviceWatch(
      Watched<ServiceFacts> kind, @Nullable String namespace) {
    var all = client.services();
    var objects = namespace == null ? all.inAnyNamespace() : all.inNamespace(namespace);
    var chosen = options.labelSelector().map(objects::withLabelSelector).orElse(objects);
    return watch(kind, namespace, chosen, Service::new, ServiceFacts::of);
  }

  private Watch<EndpointSlice, List<SliceFacts>> sliceWatch(
      Watched<List<SliceFacts>> kind, @Nullable String namespace) {
    return watch(
        kind,
        namespace,
        of(client.discovery().v1().endpointSlices(), namespace),
        EndpointSlice::new,
        slice -> Slices.read(slice).map(List::of).orElse(List.of()));
  }

  private Watch<Endpoints, List<SliceFacts>> endpointsWatch(
      Watched<List<SliceFacts>> kind, @Nullable String namespace) {
    return watch(
        kind, namespace, of(client.endpoints(), namespace), Endpoints::new, EndpointsObjects::read);
  }

  private Watch<Pod, PodLabels> podWatch(Watched<PodLabels> kind, @Nullable String namespace) {
    return watch(kind, namespace, of(client.pods(), namespace), Pod::new, PodLabels::of);
  }

  private Watch<Node, Locality> nodeWatch(Watched<Locality> kind, @Nullable String namespace) {
    return watch(kind, namespace, client.nodes(), Node::new, Nodes::locality);
  }

  /** The documents of each kind. */
  Map<Kind, Watched<DocumentText>> documents() {
    Map<Kind, Watched<DocumentText>> kinds = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      ResourceDefinitionContext definition = Definitions.of(kind.toString());
      kinds.put(
          kind,
          Watched.start(
              definition.getPlural() + "." + Definitions.GROUP,
              options.namespaces(),
              (watched, namespace) ->
                  watch(
                      watched,
                      namespace,
                      of(client.genericKubernetesResources(definition), namespace),
                      GenericKubernetesResource::new,
                      DocumentText::of)));
    }
    return kinds;
  }

  /** One secret. */
  Watched<SecretTexts> secret(SecretId id) {
    return Watched.start(
        "secrets",
        List.of(id.namespace()),
        (watched, namespace) ->
            watch(
                watched,
                namespace,
                client.secrets().inNamespace(namespace).withField("metadata.name", id.name()),
                Secret::new,
                ClusterWatches::texts));
  }

  private static SecretTexts texts(Secret secret) {
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    Function<String, Optional<String>> text =
        name -> Optional.ofNullable(data.get(name)).map(ClusterWatches::decoded);
    return new SecretTexts(
        text.apply(SecretTexts.CHAIN),
        text.apply(SecretTexts.KEY),
        text.apply(SecretTexts.AUTHORITIES));
  }

  private static String decoded(String base64) {
    return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.ISO_8859_1);
  }

  private static <T extends HasMetadata, L extends KubernetesResourceList<T>>
      FilterWatchListDeletable<T, L, ?> of(
          MixedOperation<T, L, ?> all, @Nullable String namespace) {
    return namespace == null ? all.inAnyNamespace() : all.inNamespace(namespace);
  }

  private <T extends HasMetadata, F> Watch<T, F> watch(
      Watched<F> kind,
      @Nullable String namespace,
      FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> objects,
      Supplier<T> empty,
      Function<T, F> facts) {
    String server = client.getMasterUrl().toString();
    return new Watch<>(
        kind,
        objects,
        empty,
        facts,
        touched,
        thrown -> Failure.of(thrown, kind.what(), namespace, server),
        options.silence());
  }
}
