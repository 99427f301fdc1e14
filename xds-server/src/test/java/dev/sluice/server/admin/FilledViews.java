package dev.sluice.server.admin;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.explain.RoutedProxy;
import dev.sluice.server.load.Load;
import dev.sluice.server.load.ProxyLoad;
import dev.sluice.server.load.Requests;
import dev.sluice.server.load.Upstream;
import dev.sluice.server.load.UpstreamLocality;
import dev.sluice.server.overrides.MemoryStore;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.source.StaticServices;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.Refusal;
import dev.sluice.server.status.SyncState;
import dev.sluice.server.status.TypeStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Departed;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.source.SourceStatus;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.StaticService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Views with something in every list that the admin API tells. */
final class FilledViews {
  private static final String POLICY = "TrafficPolicy shop/orders (orders.yaml:3:1)";
  private static final Problem PROBLEM =
      Problem.error(new Location("a.yaml", 1, 2), "$", "is wrong");

  /** The policy with a problem, and documents of the other kinds. */
  private static final String DOCUMENTS =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        split: {weights: {v1: 90, v2: 10}}
        attach: {gateways: [{name: missing}], hosts: [shop.example.com]}
      ---
      apiVersion: sluice.dev/v1
      kind: Gateway
      metadata: {name: public, namespace: shop}
      spec:
        proxies: {selector: {app: edge}}
        listeners: [{name: http, port: 8080, protocol: HTTP, hosts: [shop.example.com]}]
      ---
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: slow, namespace: shop}
      spec: {service: orders, match: {labels: {disk: old}}, state: drain, weight: 5}
      """;

  private FilledViews() {}

  static FakeViews create() {
    FakeViews views = new FakeViews();
    for (String name : List.of("orders", "stock")) {
      String text = service(name);
      views.tell(
          FakeViews.FILES,
          StaticServices.service(
              (StaticService) MemoryStore.read(name + ".yaml", text), FakeViews.FILES));
      views.tell(FakeViews.FILES, name + ".yaml", text);
    }
    views.tell(
        FakeViews.CONSUL,
        StaticServices.service(
            (StaticService) MemoryStore.read("orders.yaml", service("orders")), FakeViews.CONSUL));
    views.policies =
        new TreeMap<>(
            Map.of(
                new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders"),
                new PolicyStatus(
                    PolicyStatus.Reason.ACCEPTED, List.of(PROBLEM), Optional.empty())));
    views.sources =
        List.of(
            new SourceStatus(
                FakeViews.FILES,
                SourceStatus.State.SYNCED,
                FakeViews.NOON,
                "all is well",
                List.of(PROBLEM)));
    views.problems = List.of(PROBLEM);
    views.rateLimits = new TreeMap<>(Map.of("public.shop", "domain: public.shop\n"));
    views.history = List.of(revision());
    views.quarantine = List.of(quarantined());
    views.canaries = List.of(canary());
    views.proxies = () -> List.of(proxy(), routed());
    views.departed = List.of(departed());
    views.nodes = () -> List.of(FakeViews.node("gateway-1", "orders.shop|80", "older"));
    views.snapshot =
        Optional.of(
            Snapshot.of(
                List.of(
                    FakeViews.assignment("orders.shop|80")
                        .withProvenance(new Provenance(List.of(POLICY), List.of())))));
    views.tell(FakeViews.FILES, "documents.yaml", DOCUMENTS);
    views.load = load();
    return views;
  }

  private static String service(String name) {
    return """
        apiVersion: sluice.dev/v1
        kind: StaticService
        metadata: {name: %s, namespace: shop}
        spec:
          ports: [{name: http, port: 80, protocol: http}]
          endpoints:
            - {address: 10.0.0.1, port: 8080, labels: {version: v1}}
            - {address: 10.0.0.2, port: 8080}
        """
        .formatted(name);
  }

  private static Revision revision() {
    Revision.Counts counts = new Revision.Counts(1, 2, List.of("orders"));
    return new Revision(
        7,
        POLICY,
        List.of(new Reason(Reason.Kind.DOCUMENT, "orders", POLICY, new TreeSet<>())),
        FakeViews.NOON,
        Map.of(FakeViews.gateway(), new Revision.Summary(Map.of(ResourceType.CLUSTER, counts))));
  }

  private static Quarantined quarantined() {
    return new Quarantined(
        FakeViews.gateway(),
        ResourceType.ROUTE,
        "public",
        Optional.of("orders"),
        List.of(POLICY),
        "gateway-1",
        "no such cluster",
        FakeViews.NOON);
  }

  private static ConfigCanary canary() {
    return new ConfigCanary(
        FakeViews.gateway(),
        "10%",
        List.of("gateway-1"),
        0,
        12,
        Optional.of("gateway-1 does not answer"),
        true,
        List.of("RDS public"),
        List.of(POLICY),
        FakeViews.NOON);
  }

  /** One that has not acknowledged the newest routes. */
  private static ProxyStatus routed() {
    return RoutedProxy.sidecar("web-1").uses(ResourceType.ROUTE, "outbound", "older").status();
  }

  private static ProxyStatus proxy() {
    TypeStatus endpoints =
        new TypeStatus(
            "endpoints",
            SyncState.NACKED,
            Duration.ofMillis(3_400),
            "v2",
            "v1",
            Optional.of(
                new Refusal("is wrong", FakeViews.NOON, List.of("orders"), List.of(POLICY))),
            new TreeMap<>(Map.of("orders", new ResourceVersions("v2", "v1"))),
            "its clusters");
    return new ProxyStatus(
        "gateway-1",
        FakeViews.gateway(),
        "envoy 1.40.0",
        FakeViews.NOON,
        Snapshot.of(List.of(FakeViews.assignment("orders"))),
        List.of(endpoints));
  }

  private static Departed departed() {
    return new Departed(
        "gateway-2",
        FakeViews.gateway(),
        "envoy 1.40.0",
        FakeViews.NOON,
        FakeViews.NOON.plusSeconds(90),
        "it ended its stream");
  }

  private static Load load() {
    Requests requests = new Requests(20, 18, 1, 1);
    ProxyLoad.ClusterLoad orders =
        new ProxyLoad.ClusterLoad(
            Duration.ofSeconds(10),
            1,
            3,
            new TreeMap<>(
                Map.of(
                    new UpstreamLocality("eu", "eu-1", "", 0),
                    new ProxyLoad.LocalityLoad(requests, requests))));
    return Load.of(
        List.of(
            new ProxyLoad(
                "gateway-1",
                FakeViews.NOON,
                Optional.of(FakeViews.NOON),
                new TreeMap<>(Map.of(new Upstream("orders", "orders.eds"), orders)))));
  }
}
