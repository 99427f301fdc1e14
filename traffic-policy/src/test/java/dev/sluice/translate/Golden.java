package dev.sluice.translate;

import static java.util.Comparator.comparing;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import dev.sluice.spec.Documents;
import dev.sluice.spec.StaticService;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a folder's documents give one group of proxies.
 *
 * @param clusters sorted by name, as all others
 * @param assignments one for each Cluster that is not static
 * @param routes the RouteConfigurations
 * @param listeners the Listeners
 * @param rateLimits what rate-limit services are configured with, a document for each domain
 * @param problems what attachment and translation report
 */
record Golden(
    List<Cluster> clusters,
    List<ClusterLoadAssignment> assignments,
    List<RouteConfiguration> routes,
    List<Listener> listeners,
    List<String> rateLimits,
    List<Problem> problems) {

  static Golden of(Path folder) {
    List<Document> catalog = documents(folder, "catalog.yaml");
    List<Document> policies = documents(folder, "policy.yaml");
    Catalog services = StaticCatalog.of(catalog.stream().map(StaticService.class::cast).toList());
    PolicyIndex index = PolicyIndex.of(Documents.of(policies), services);
    NodeGroup group = GoldenNode.read(text(folder, "node.yaml").orElse(""));
    Golden golden = render(index, group);
    index.statuses().values().forEach(status -> golden.problems.addAll(status.problems()));
    return golden.sorted();
  }

  private static Golden render(PolicyIndex index, NodeGroup group) {
    Golden golden =
        new Golden(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            RateLimitDomain.all(index).values().stream().map(RateLimitDomain::yaml).toList(),
            new ArrayList<>());
    ProxyResources view = ProxyResources.of(group, index.gateways());
    SortedMap<String, List<VirtualHost>> hosts = new TreeMap<>();
    Optional<ServiceTranslation> own =
        Optional.ofNullable(index.services().get(group.service()))
            .map(service -> ServiceTranslation.of(service, index.policies(service.id())));
    GroupResources fixed = view.fixed(own);
    fixed.routeConfigurations().forEach((name, list) -> hosts.put(name, new ArrayList<>(list)));
    golden.clusters.addAll(fixed.clusters());
    fixed.listeners().forEach(input -> golden.listeners.add(Listeners.listener(input)));
    golden.problems.addAll(fixed.problems());
    SortedMap<ServiceId, ServiceTranslation> translations = new TreeMap<>();
    for (var service : index.services().values()) {
      translations.put(
          service.id(),
          ServiceTranslation.of(service, index.policies(service.id()), view.client()));
    }
    for (var translation : translations.values()) {
      golden.problems.addAll(translation.problems());
      view.ports(translation, id -> Optional.ofNullable(translations.get(id)))
          .forEach(port -> golden.add(port, hosts));
    }
    golden.problems.addAll(view.problems(id -> Optional.ofNullable(translations.get(id))));
    hosts.forEach(
        (name, list) -> {
          AssembledRoutes assembled = view.routeConfiguration(name, list);
          golden.routes.add(assembled.routes());
          golden.problems.addAll(assembled.problems());
        });
    return golden;
  }

  private void add(PortResources port, SortedMap<String, List<VirtualHost>> hosts) {
    problems.addAll(port.problems());
    port.clusters().forEach(input -> clusters.add(Clusters.cluster(input)));
    port.assignments().forEach(input -> assignments.add(Assignments.assignment(input)));
    port.listeners().forEach(input -> listeners.add(Listeners.listener(input)));
    port.virtualHosts()
        .forEach(
            (name, inputs) ->
                inputs.stream()
                    .map(VirtualHosts::virtualHost)
                    .forEach(hosts.computeIfAbsent(name, _ -> new ArrayList<>())::add));
  }

  private Golden sorted() {
    return new Golden(
        clusters.stream().sorted(comparing(Cluster::getName)).toList(),
        assignments.stream().sorted(comparing(ClusterLoadAssignment::getClusterName)).toList(),
        routes,
        listeners.stream().sorted(comparing(Listener::getName)).toList(),
        rateLimits,
        problems.stream().sorted().toList());
  }

  /** All of it for an Envoy that has no management server; nothing where it is for gRPC. */
  Optional<Bootstrap> bootstrap() {
    return listeners.stream().anyMatch(Listener::hasApiListener)
        ? Optional.empty()
        : Optional.of(StaticBootstraps.bootstrap(clusters, assignments, routes, listeners));
  }

  /** The files that it makes, by name. */
  SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    files.put("clusters.yaml", ProtoYaml.yaml(clusters));
    files.put("endpoints.yaml", ProtoYaml.yaml(assignments));
    files.put("routes.yaml", ProtoYaml.yaml(routes));
    files.put("listeners.yaml", ProtoYaml.yaml(listeners));
    files.put("rate-limits.yaml", String.join("---\n", rateLimits));
    StringBuilder lines = new StringBuilder();
    problems.forEach(problem -> lines.append(problem).append('\n'));
    files.put("problems.txt", lines.toString());
    return files;
  }

  private static List<Document> documents(Path folder, String file) {
    Reading reading = DocumentParser.reader().read(file, text(folder, file).orElse(""));
    if (Problem.anyError(reading.problems())) {
      throw new AssertionError(folder + ": " + reading.problems());
    }
    return reading.items().stream().map(Item::document).flatMap(Optional::stream).toList();
  }

  static Optional<String> text(Path folder, String file) {
    Path path = folder.resolve(file);
    try {
      return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
