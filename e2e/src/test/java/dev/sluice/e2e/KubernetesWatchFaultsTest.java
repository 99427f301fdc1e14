package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.kubernetes.ClusterAccess;
import dev.sluice.server.source.kubernetes.KubernetesSource;
import dev.sluice.server.source.kubernetes.KubernetesSource.Options;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to a watch, and to what it tells, while the API server is there. */
@NeedsKubernetes
@NeedsEnvoy
class KubernetesWatchFaultsTest {
  private static final Duration HOLD = Duration.ofSeconds(60);
  private static final int MOVES = 20;

  @TempDir static Path folder;
  private static KubernetesCluster cluster;

  @BeforeAll
  static void startCluster() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
    cluster = KubernetesCluster.start(folder);
    cluster.installDefinitions();
  }

  @AfterAll
  static void stopCluster() {
    Awaitility.reset();
    cluster.close();
  }

  @Test
  void aTokenThatExpiresIsReadAgainFromItsFile() throws IOException {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "expiry");
        Forwarder address = new Forwarder(cluster.port())) {
      mesh.run("orders-1", "v1");
      mesh.applyPolicy("");
      ServiceAccount account =
          new ServiceAccount(cluster, "expiry", "sluice")
              .grantDocuments()
              .grant("services,pods,endpointslices.discovery.k8s.io");
      Path file = folder.resolve("token");
      Path kubeconfig = mesh.kubeconfigThrough(address, cluster.kubeconfig("tokenFile", "TOKEN"));
      Files.writeString(
          kubeconfig,
          Files.readString(kubeconfig).replace("token: \"TOKEN\"", "tokenFile: " + file));
      Instant expiry = Instant.now().plusSeconds(20); // For all to begin by it.
      Files.writeString(file, account.tokenUntil(expiry));
      ControlPlane server = mesh.startServer(mesh.settings(kubeconfig, HOLD));
      mesh.startGateway(server);
      mesh.awaitAnswers();
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        // What it has been sent before lasts; the API server judges a token at each request.
        await()
            .atMost(Duration.ofSeconds(90))
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(
                () -> {
                  address.drop();
                  assertThat(KubernetesMesh.source(server).message())
                      .contains("does not take the token or certificate (401)");
                });
        assertThat(Instant.now()).isAfter(expiry);
        assertThat(KubernetesMesh.source(server).state()).isEqualTo(State.STALE);
        assertThat(traffic.await(500).instances().keySet()).isEqualTo(Set.of("orders-1"));

        Files.writeString(file, account.tokenUntil(Instant.now().plusSeconds(3_600)));
        KubernetesMesh.awaitState(server, State.SYNCED);
        mesh.run("orders-2", "v1");
        await().until(() -> traffic.await(100).instances().containsKey("orders-2"));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aWatchThatIsTooOldIsGoneAndEverythingIsListedAnew() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "gone");
        ApiServerProxy proxy = new ApiServerProxy(cluster)) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v2");
      mesh.applyPolicy(Documents.split(50, 50));
      ControlPlane server = mesh.startServer(mesh.settings(proxy.kubeconfig(), HOLD));
      mesh.startGateway(server);
      mesh.awaitAnswers();
      assertThat(proxy.gone()).isZero();
      long slices = proxy.lists("endpointslices");
      long policies = proxy.lists("trafficpolicies");
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        proxy.cut();
        KubernetesMesh.awaitState(server, State.STALE);
        // All that may happen: a change, one more, and one less of two kinds of object.
        mesh.run("orders-3", "v2");
        mesh.pods().ready("orders-2", false);
        mesh.applyPolicy(Documents.split(0, 100));
        await().until(() -> ready("gone").equals(Set.of("orders-1", "orders-3")));
        cluster.killApiServer();
        cluster.startApiServer(); // It knows no version that is older than itself.
        // What is listed last has to be waited for: by pods' labels versions are told apart.
        proxy.holdLists("pods");
        proxy.restore();
        await().until(() -> proxy.lists("endpointslices") > slices);
        await().until(() -> proxy.lists("trafficpolicies") > policies);
        traffic.await(500);
        proxy.release("pods");

        KubernetesMesh.awaitOnly(traffic, "orders-3");
        KubernetesMesh.awaitState(server, State.SYNCED);
        assertThat(proxy.gone()).as("answers 410 Gone").isPositive();
        assertThat(proxy.lists("endpointslices")).isGreaterThan(slices);
        assertThat(proxy.lists("trafficpolicies")).isGreaterThan(policies);
        mesh.run("orders-4", "v2");
        await().until(() -> traffic.await(100).instances().containsKey("orders-4"));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  /** The pods that the controllers have as ready by now. */
  private static Set<String> ready(String namespace) {
    return Set.of(
        cluster
            .kubectl(
                "get",
                "endpointslices",
                "-n",
                namespace,
                "-o",
                "jsonpath={.items[*].endpoints[?(@.conditions.ready==true)].targetRef.name}")
            .strip()
            .split(" "));
  }

  @Test
  void anInstanceThatMovesFromOneSliceToAnotherIsCalledAllTheTime() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "moving")) {
      String moving = PodNetwork.newAddress();
      String other = PodNetwork.newAddress();
      mesh.backendAt(moving, "moving", "v1");
      mesh.backendAt(other, "other", "v1");
      cluster.kubectl(
          "patch",
          "service/orders",
          "-n",
          "moving",
          "--type=json",
          "-p",
          "[{op: remove, path: /spec/selector}]");
      cluster.kubectl("delete", "endpointslices", "--all", "-n", "moving");
      put(slice("one", moving));
      put(slice("two"));
      mesh.applyPolicy("");
      ControlPlane server = mesh.startServer();
      mesh.startGateway(server);
      mesh.awaitAnswers();
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        for (int i = 0; i < MOVES; i++) {
          String from = i % 2 == 0 ? "one" : "two";
          String to = i % 2 == 0 ? "two" : "one";
          if (i < MOVES / 2) { // First it is in none of them for a moment, then in both.
            put(slice(from));
            put(slice(to, moving));
          } else {
            put(slice(to, moving));
            put(slice(from));
          }
          traffic.await(100);
          assertThat(mesh.addresses(server, "orders")).containsExactly(moving);
        }
        // One that does not come again is gone.
        put(slice("two", other));
        await().until(() -> traffic.await(100).instances().size() == 2);
        put(slice("one"));
        KubernetesMesh.awaitOnly(traffic, "other");
        assertThat(mesh.addresses(server, "orders")).containsExactly(other);
        TrafficReport report = traffic.stop();
        assertThat(report.failures()).as("%s", report).isEmpty();
      }
    }
  }

  private static void put(EndpointSlice slice) {
    cluster.client().resource(slice).forceConflicts().serverSideApply();
  }

  private static EndpointSlice slice(String name, String... addresses) {
    return ReadySlice.of("moving", "orders", name, List.of(addresses));
  }

  @Test
  void aWatchThatSilentlyStopsIsFoundAndBegunAnew() throws IOException {
    Options options = new Options(List.of("silent"), Optional.empty(), HOLD, Duration.ofSeconds(5));
    Told told = new Told();
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "silent");
        ApiServerProxy proxy = new ApiServerProxy(cluster);
        KubernetesSource source =
            new KubernetesSource(
                "test",
                new ClusterAccess(proxy.kubeconfig(), null).connect(),
                DocumentParser.reader(),
                options)) {
      String first = PodNetwork.newAddress();
      String second = PodNetwork.newAddress();
      mesh.run("orders-1", "v1", first);
      source.start(told);
      // Long enough for all watches to have begun: one that begins later than the silence is whole.
      await()
          .during(Duration.ofSeconds(3))
          .until(() -> told.has(first) && told.isSynced() && proxy.watches("endpointslices") == 1);
      assertThat(proxy.watches("endpointslices")).isEqualTo(1);
      proxy.muteWatches();
      mesh.run("orders-2", "v1", second);
      // The API server answers questions, and so is there.
      await().during(Duration.ofSeconds(5)).until(() -> !told.has(second) && told.isSynced());

      // A bookmark may take ninety seconds, so before that nothing is amiss.
      await().atMost(Duration.ofSeconds(150)).until(() -> told.has(second));
      await().until(() -> proxy.watches("endpointslices") > 1 && told.isSynced());
    }
  }

  /** Keeps what a source tells. */
  private static final class Told implements SourceSink {
    private final List<String> updates = new CopyOnWriteArrayList<>();
    private volatile @Nullable SourceStatus last;

    boolean has(String address) {
      return updates.stream().anyMatch(update -> update.contains(address + ","));
    }

    boolean isSynced() {
      SourceStatus now = last;
      return now != null && now.state() == State.SYNCED;
    }

    @Override
    public void accept(SourceName source, List<SourceUpdate> more) {
      more.forEach(update -> updates.add(update.toString()));
    }

    @Override
    public void status(SourceStatus status) {
      last = status;
    }
  }
}
