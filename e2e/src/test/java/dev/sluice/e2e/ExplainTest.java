package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.e2e.ExplainedRequests.Reply;
import dev.sluice.e2e.RandomRoutes.RandomRequest;
import dev.sluice.node.Role;
import dev.sluice.server.explain.Call;
import dev.sluice.server.explain.Explanation;
import dev.sluice.server.explain.Explanation.ClusterShare;
import dev.sluice.server.explain.Explanation.Step;
import dev.sluice.server.explain.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sluice explain} against what real Envoys do: 10,000 random requests over 50 random
 * configurations, half of them through a gateway and half through a sidecar.
 */
@NeedsEnvoy
class ExplainTest {
  private static final int CONFIGURATIONS = Integer.getInteger("explain.configurations", 50);
  private static final int REQUESTS = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final long seed = Long.getLong("explain.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Set<String> taken = new TreeSet<>();
  private int routes;
  @TempDir private Path folder;

  /** A request that was sent, and what was said of it before. */
  private record Sent(
      int number, Role role, RandomRequest request, Explanation explained, Reply reply) {}

  @Test
  void whatIsExplainedIsWhatEnvoyDoes() throws IOException {
    System.out.println("explain.seed=" + seed);
    List<Sent> all = new ArrayList<>();
    List<Path> logs = List.of(folder.resolve("gateway.log"), folder.resolve("sidecar.log"));
    try (TestMesh mesh = new TestMesh("explain", folder)) {
      start(mesh);
      for (int i = 0; i < CONFIGURATIONS; i++) {
        RandomRoutes orders = new RandomRoutes(random, "orders", i);
        RandomRoutes stock = new RandomRoutes(random, "stock", i);
        save(mesh, orders, stock);
        await(mesh, i, orders, stock);
        routes += orders.size() + stock.size();
        for (Role role : List.of(Role.GATEWAY, Role.SIDECAR)) {
          send(mesh, role, List.of(orders, stock), all);
          int number = i;
          all.subList(all.size() - REQUESTS / 2, all.size()).stream()
              .flatMap(sent -> sent.explained().route().stream())
              .map(Step::name)
              .filter(name -> name.matches(".*/r[0-9]"))
              .forEach(name -> taken.add(number + " " + name));
        }
      }
      Map<Integer, JsonNode> logged = new HashMap<>();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> read(logs, logged), size -> size >= all.size());
      compare(all, logged);
    }
  }

  private void start(TestMesh mesh) {
    TestBackend one = mesh.backend("v1", "a");
    TestBackend two = mesh.backend("v2", "b");
    mesh.saveOrders(one, two);
    mesh.save("stock.yaml", Documents.orders(one, two).replace("name: orders,", "name: stock,"));
    mesh.save("front.yaml", Documents.orders(one).replace("name: orders,", "name: front,"));
    mesh.save("front-policy.yaml", Documents.policyOf("front", log(folder.resolve("sidecar.log"))));
    mesh.save(
        "gateway.yaml",
        Documents.gateway(mesh.port(Role.GATEWAY))
            + "  accessLog: {file: {path: \"%s\", json: true}}\n"
                .formatted(folder.resolve("gateway.log")));
    save(mesh, new RandomRoutes(random, "orders", -1), new RandomRoutes(random, "stock", -1));
    mesh.start(Role.GATEWAY);
    mesh.start(Role.SIDECAR);
  }

  /** A section of the policy of the sidecar's own service, by which it logs to a file. */
  private static String log(Path file) {
    return """
    envoy:
      listeners:
        - side: outbound
          patch:
            filter_chains:
              - filters:
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      access_log:
                        - name: envoy.access_loggers.file
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                            path: %s
                            log_format:
                              json_format:
                                user_agent: "%%REQ(USER-AGENT)%%"
                                route: "%%ROUTE_NAME%%"
                                cluster: "%%UPSTREAM_CLUSTER_RAW%%"
                                status: "%%RESPONSE_CODE%%"
                                asked: "%%REQ(:PATH)%%"
                                host: "%%REQ(:AUTHORITY)%%"
    """
        .formatted(file);
  }

  private static List<String> hosts(Role role) {
    return role == Role.GATEWAY
        ? List.of(
            "orders.example.com",
            "ORDERS.example.com",
            "a.orders.example.com",
            "stock.example.com:80",
            "orders.example.com:1234",
            "b.a.orders.example.com",
            "example.com",
            "nobody.example.com",
            ".orders.example.com")
        : List.of(
            "orders.shop",
            "orders",
            "Orders.Shop",
            "orders.shop.svc.cluster.local",
            "orders.shop:80",
            "stock",
            "stock.shop:80",
            "stock.shop",
            "orders.shop:81",
            "nobody");
  }

  private static void save(TestMesh mesh, RandomRoutes orders, RandomRoutes stock) {
    mesh.save(
        "orders-policy.yaml",
        Documents.policyOf(
            "orders",
            "attach: {gateways: [{name: public}], hosts: [orders.example.com,"
                + " \"*.orders.example.com\"]}\n"
                + orders.sections()));
    mesh.save(
        "stock-policy.yaml",
        Documents.policyOf(
            "stock",
            "attach: {gateways: [{name: public}], hosts: [stock.example.com]}\n"
                + stock.sections()));
  }

  /** Until both Envoys answer by the routes of that configuration. */
  private static void await(TestMesh mesh, int number, RandomRoutes... routes) {
    for (Role role : List.of(Role.GATEWAY, Role.SIDECAR)) {
      for (String service : List.of("orders", "stock")) {
        String host = role == Role.GATEWAY ? service + ".example.com" : service + ".shop";
        TrafficClient probe = TrafficClient.to(mesh.port(role), host).at("/probe");
        Awaitility.await(List.of(routes) + " at " + role)
            .pollInterval(Duration.ofMillis(5))
            .atMost(Duration.ofSeconds(20))
            .until(() -> probe.once().body().equals(String.valueOf(number)));
      }
    }
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> mesh.server().views().proxies().get().stream().allMatch(one -> one.synced()));
  }

  private void send(TestMesh mesh, Role role, List<RandomRoutes> services, List<Sent> all)
      throws IOException {
    for (int i = 0; i < REQUESTS / 2; ) {
      // One that closes its connection takes another.
      try (ExplainedRequests requests = new ExplainedRequests(mesh.port(role))) {
        boolean open = true;
        for (; open && i < REQUESTS / 2; i++) {
          int service = random.nextInt(services.size());
          RandomRequest request = services.get(service).request(hosts(role));
          Explanation explained =
              mesh.server()
                  .views()
                  .explain()
                  .of(call(request, role, mesh.port(role)), Optional.of(mesh.id(role)));
          Reply reply = requests.send(request, all.size());
          all.add(new Sent(all.size(), role, request, explained, reply));
          open = !"close".equals(reply.headers().get("connection"));
        }
      }
    }
  }

  private static Call call(RandomRequest request, Role role, int port) {
    List<String> headers = new ArrayList<>(List.of("host: " + request.host()));
    request.headers().forEach(it -> headers.add(it.name() + ": " + it.value()));
    String url = "http://proxy" + (role == Role.GATEWAY ? ":" + port : "") + request.path();
    return Call.parse(request.method(), url, headers);
  }

  private static int read(List<Path> logs, Map<Integer, JsonNode> logged) throws IOException {
    for (Path log : logs) {
      String text = Files.exists(log) ? Files.readString(log) : "";
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        JsonNode entry = JSON.readTree(line);
        String number = entry.path("user_agent").asText();
        if (number.matches("[0-9]+")) {
          logged.put(Integer.parseInt(number), entry);
        }
      }
    }
    return logged.size();
  }

  private void compare(List<Sent> all, Map<Integer, JsonNode> logged) {
    List<String> different = new ArrayList<>();
    Map<Outcome, Integer> outcomes = new TreeMap<>();
    for (Sent sent : all) {
      outcomes.merge(sent.explained().outcome(), 1, Integer::sum);
      JsonNode entry = Objects.requireNonNull(logged.get(sent.number()), sent::toString);
      List<String> wrong = wrong(sent, entry);
      if (!wrong.isEmpty()) {
        different.add(
            "%s %s: %s\n  explained: %s %s %s\n  Envoy: %s %s"
                .formatted(
                    sent.role(),
                    sent.request(),
                    wrong,
                    sent.explained().summary(),
                    sent.explained().target(),
                    sent.explained().looked(),
                    entry,
                    sent.reply()));
      }
    }
    System.out.printf("explained: %s; %d of %d routes%n", outcomes, taken.size(), routes);
    assertThat(different.stream().limit(5).collect(Collectors.joining("\n")))
        .as("%d of %d differ, explain.seed=%d", different.size(), all.size(), seed)
        .isEmpty();
    assertThat(taken.size()).as("routes that were taken, of %d", routes).isGreaterThan(routes / 2);
    assertThat(outcomes.keySet())
        .as("the requests come to all ends")
        .contains(
            Outcome.FORWARDED,
            Outcome.REDIRECTED,
            Outcome.ANSWERED,
            Outcome.NO_HOST,
            Outcome.NO_ROUTE,
            Outcome.NO_INSTANCE)
        .doesNotContain(Outcome.CANNOT_TELL);
  }

  /** In what the explanation is not what happened. */
  private static List<String> wrong(Sent sent, JsonNode entry) {
    List<String> wrong = new ArrayList<>();
    Explanation explained = sent.explained();
    String route = explained.route().map(Step::name).orElse("");
    if (!route.equals(text(entry, "route"))) {
      wrong.add("route");
    }
    List<String> clusters =
        explained.target().clusters().stream()
            .filter(share -> share.weight() > 0)
            .map(ClusterShare::name)
            .toList();
    String cluster = text(entry, "cluster");
    if (clusters.isEmpty() ? !cluster.isEmpty() : !clusters.contains(cluster)) {
      wrong.add("cluster");
    }
    boolean grpc = explained.grpcStatus().isPresent();
    String grpcStatus = grpc ? String.valueOf(explained.grpcStatus().getAsInt()) : "";
    boolean sameStatus =
        sent.reply().status() == (grpc ? 200 : explained.status().orElse(200))
            && (!grpc || grpcStatus.equals(sent.reply().headers().get("grpc-status")));
    boolean partly = explained.notes().stream().anyMatch(note -> note.contains("answered 503"));
    if (!sameStatus && !(partly && sent.reply().status() == 503)) {
      wrong.add("status");
    }
    String location = explained.target().location().orElse("");
    if (!location.equals(sent.reply().headers().getOrDefault("location", ""))) {
      wrong.add("location");
    }
    if (entry.has("asked") && explained.outcome() == Outcome.FORWARDED && !cluster.isEmpty()) {
      String asked = explained.target().path().orElse(sent.request().path());
      if (!asked.equals(text(entry, "asked"))) {
        wrong.add("path");
      }
      String host = explained.target().rewrittenHost().orElse(sent.request().host());
      if (!host.equals(text(entry, "host"))) {
        wrong.add("host");
      }
    }
    return wrong;
  }

  private static String text(JsonNode entry, String key) {
    String text = entry.path(key).asText("");
    return text.equals("-") || text.equals("null") ? "" : text;
  }
}
