package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.source.RecordingSink;
import dev.sluice.server.source.kubernetes.KubernetesSource;
import dev.sluice.server.source.kubernetes.KubernetesSource.Options;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an API server may do to who watches it; with traffic running, and nothing is lost. */
@NeedsKubernetes
@NeedsEnvoy
class KubernetesFaultsTest {
  private static final Duration HOLD = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static KubernetesCluster cluster;

  @BeforeAll
  static void startCluster() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40)); // An API server takes seconds to start.
    cluster = KubernetesCluster.start(folder);
    cluster.installDefinitions();
  }

  @AfterAll
  static void stopCluster() {
    Awaitility.reset();
    cluster.close();
  }

  /** One that fails leaves it ended, and the others would fail for that. */
  @AfterEach
  void serveAgain() {
    if (!cluster.isServing()) {
      cluster.startApiServer();
    }
  }

  @Test
  void withoutTheApiServerItIsNotReadyOrStaleAndSaysWhy() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "away")) {
      TestBackend first = mesh.run("orders-1", "v1");
      mesh.applyPolicy("");
      cluster.killApiServer();
      ControlPlane server = mesh.startServer();
      await()
          .untilAsserted(
              () ->
                  assertThat(KubernetesMesh.admin(server, "/readyz"))
                      .startsWith("not ready")
                      .contains("127.0.0.1:" + cluster.port() + "/ cannot be reached: "));
      assertThat(KubernetesMesh.admin(server, "/v1/sources"))
          .contains("STARTING")
          .contains("cannot be reached");

      cluster.startApiServer();
      KubernetesMesh.awaitState(server, State.SYNCED);
      await()
          .untilAsserted(
              () -> assertThat(KubernetesMesh.admin(server, "/readyz")).isEqualTo("ok\n"));
      mesh.startGateway(server);
      mesh.awaitAnswers();
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        cluster.killApiServer();
        KubernetesMesh.awaitState(server, State.STALE);
        await()
            .untilAsserted(
                () ->
                    assertThat(KubernetesMesh.source(server).message())
                        .contains("cannot be reached"));
        assertThat(traffic.await(500).instances().keySet()).isEqualTo(Set.of(first.instance()));

        cluster.startApiServer();
        KubernetesMesh.awaitState(server, State.SYNCED);
        mesh.run("orders-2", "v1");
        await().until(() -> traffic.await(100).instances().containsKey("orders-2"));
        mesh.pods().ready("orders-1", false);
        KubernetesMesh.awaitOnly(traffic, "orders-2");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void anApiServerThatHangsForAWhileIsFollowedAfterwards() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "hanging")) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v1");
      mesh.applyPolicy("");
      ControlPlane server = mesh.startServer();
      mesh.startGateway(server);
      mesh.awaitAnswers();
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        await().until(() -> traffic.await(100).instances().size() == 2);
        cluster.pauseApiServer();
        assertThat(traffic.await(3_000).instances()).hasSize(2);
        cluster.resumeApiServer();
        mesh.pods().ready("orders-1", false);
        KubernetesMesh.awaitOnly(traffic, "orders-2");
        KubernetesMesh.awaitState(server, State.SYNCED);
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aSourceWhoseApiServerAnswersNothingIsStaleThoughItsConnectionsAreOpen() {
    Config access = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    access.setRequestTimeout(2_000);
    Options options =
        new Options(List.of("default"), Optional.empty(), HOLD, Duration.ofSeconds(10));
    Statuses statuses = new Statuses();
    try (KubernetesSource source =
        new KubernetesSource(
            "test",
            new KubernetesClientBuilder().withConfig(access).build(),
            DocumentParser.reader(),
            options)) {
      source.start(statuses);
      // Longer than a watch may be away unnoticed: all of them are there.
      await().during(Duration.ofSeconds(3)).until(() -> statuses.is(State.SYNCED));
      cluster.pauseApiServer();
      try {
        await().until(() -> statuses.is(State.STALE));
        await()
            .untilAsserted(
                () ->
                    assertThat(statuses.last)
                        .extracting(SourceStatus::message)
                        .asString()
                        .contains("cannot be reached"));
      } finally {
        cluster.resumeApiServer();
      }
      await().until(() -> statuses.is(State.SYNCED));
    }
  }

  /** Keeps what a source says of itself last. */
  private static final class Statuses implements SourceSink {
    private volatile @Nullable SourceStatus last;

    boolean is(State state) {
      SourceStatus now = last;
      return now != null && now.state() == state;
    }

    @Override
    public void accept(SourceName source, List<SourceUpdate> updates) {
      // What it tells is others' to hold.
    }

    @Override
    public void status(SourceStatus status) {
      last = status;
    }
  }

  @Test
  void aServiceThatIsMadeAgainHasItsOwnInstancesAlone() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "again")) {
      mesh.run("orders-1", "v1");
      mesh.applyPolicy("");
      ControlPlane server = mesh.startServer();
      mesh.startGateway(server);
      mesh.awaitAnswers();
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        // Its slices stay, as they do for a moment where there is a garbage collector.
        cluster.killControllers();
        cluster.kubectl("delete", "service/orders", "-n", "again");
        await().until(() -> !traffic.await(20).statuses().containsKey(200));
        assertThat(mesh.addresses(server, "orders")).isEmpty();

        mesh.makeService();
        await().until(() -> mesh.knows(server, "orders"));
        assertThat(mesh.addresses(server, "orders")).as("slices of the former one").isEmpty();
        mesh.run("orders-2", "v1");
        mesh.pods().ready("orders-1", false);
        long made = System.nanoTime();
        cluster.restartControllers();
        KubernetesMesh.awaitOnly(traffic, "orders-2");
        assertThat(traffic.stop().sentAfter(made).instances().keySet()).doesNotContain("orders-1");
      }
      mesh.awaitAnswers();
    }
  }

  @Test
  void aListThatSuddenlyLacksInstancesIsHeldAndWhatElseItSaysIsFollowed() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "held");
        Forwarder address = new Forwarder(cluster.port())) {
      TestBackend one = mesh.run("orders-1", "v1");
      TestBackend two = mesh.run("orders-2", "v2");
      mesh.applyPolicy(Documents.split(100, 0));
      Path through = mesh.kubeconfigThrough(address, cluster.kubeconfig());
      ControlPlane server = mesh.startServer(mesh.settings(through, HOLD));
      ControlPlane brief = mesh.startServer(mesh.settings(through, Duration.ofSeconds(10)));
      mesh.startGateway(server);
      mesh.awaitAnswers();
      KubernetesMesh.awaitState(brief, State.SYNCED);
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        address.to(Ports.free());
        address.drop();
        KubernetesMesh.awaitState(server, State.STALE);
        KubernetesMesh.awaitState(brief, State.STALE);
        cluster.killControllers();
        cluster.kubectl("delete", "endpointslices", "--all", "-n", "held");
        mesh.applyPolicy(Documents.split(0, 100));
        // Started anew it knows nothing of older versions: 410 Gone, and all is listed again.
        cluster.killApiServer();
        cluster.startApiServer();
        address.to(cluster.port());

        // Each connects again in its own time, and the brief one soon says it no more.
        List<ControlPlane> silent = new CopyOnWriteArrayList<>(List.of(server, brief));
        await()
            .until(
                () -> {
                  silent.removeIf(it -> problems(it).contains("shows no instances"));
                  return silent.isEmpty();
                });
        KubernetesMesh.awaitOnly(traffic, two.instance());
        KubernetesMesh.awaitState(server, State.SYNCED);
        assertThat(mesh.addresses(server, "orders")).hasSize(2);
        await().until(() -> mesh.addresses(brief, "orders").isEmpty());
        await()
            .untilAsserted(() -> assertThat(problems(brief)).doesNotContain("shows no instances"));

        mesh.pods().ready("orders-2", false);
        mesh.run("orders-3", "v2");
        cluster.restartControllers();
        KubernetesMesh.awaitOnly(traffic, "orders-3");
        await().untilAsserted(() -> assertThat(problems(server)).isEmpty());
        await().until(() -> mesh.addresses(brief, "orders").size() == 3);
        assertThat(traffic.stop().failures()).isEmpty();
        assertThat(one.requests() + two.requests()).isPositive();
      }
    }
  }

  @Test
  void aMissingPermissionIsNamedAndGrantedLater() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "narrow")) {
      mesh.run("orders-1", "v1");
      mesh.applyPolicy("");
      ServiceAccount account =
          new ServiceAccount(cluster, "narrow", "sluice").grantDocuments().grant("services,pods");
      ControlPlane server =
          mesh.startServer(mesh.settings(cluster.kubeconfig("narrow", account.token()), HOLD));
      await()
          .untilAsserted(
              () ->
                  assertThat(KubernetesMesh.source(server).message())
                      .contains("list and watch of endpointslices.discovery.k8s.io")
                      .contains("in the namespace narrow is forbidden (403)"));
      assertThat(KubernetesMesh.source(server).state()).isEqualTo(State.STARTING);

      account.grant("endpointslices.discovery.k8s.io");
      KubernetesMesh.awaitState(server, State.SYNCED);
      assertThat(problems(server)).as("what it does without").contains("list and watch of nodes");
      mesh.startGateway(server);
      mesh.awaitAnswers();

      cluster.kubectl("delete", "rolebindings", "--all", "-n", "narrow");
      cluster.killApiServer(); // The watches that it was granted would go on for minutes.
      cluster.startApiServer();
      await()
          .untilAsserted(
              () -> {
                SourceStatus source = KubernetesMesh.source(server);
                assertThat(source.message())
                    .contains("in the namespace narrow is forbidden (403); grant both verbs");
                assertThat(source.state()).isEqualTo(State.STALE);
              });
      mesh.awaitAnswers();
    }
  }

  @Test
  void aChangeThatCouldNotBeTakenIsToldWithAllElse() {
    cluster.apply(service("before"));
    Options options = new Options(List.of("default"), Optional.empty(), HOLD, Options.SILENCE);
    Stumbling sink = new Stumbling();
    try (KubernetesSource source =
        new KubernetesSource(
            "test",
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build(),
            DocumentParser.reader(),
            options)) {
      source.start(sink);
      await().until(() -> sink.replaced.contains("before"));
      sink.stumbles = true;
      cluster.apply(service("after"));
      cluster.kubectl("delete", "service", "before", "-n", "default");
      await().until(() -> !sink.stumbles);
      await().until(() -> sink.replaced.contains("after"));
      // What goes after everything was told anew is told by itself.
      ServiceId gone = new ServiceId("before", "default");
      await().until(() -> sink.told.image().catalog().service(gone).isEmpty());
    } finally {
      cluster.kubectl("delete", "service", "after", "-n", "default");
    }
  }

  private static String service(String name) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default}
    spec: {ports: [{name: http, port: 80}]}
    """
        .formatted(name);
  }

  /** Fails once when it is told to, and keeps what it was told then at once. */
  private static final class Stumbling implements SourceSink {
    private final RecordingSink told = new RecordingSink();
    private volatile boolean stumbles;
    private volatile String replaced = "";

    @Override
    public void accept(SourceName source, List<SourceUpdate> updates) {
      if (stumbles) {
        stumbles = false;
        throw new IllegalStateException("it stumbles");
      }
      told.accept(source, updates);
      updates.stream()
          .filter(SourceUpdate.Replace.class::isInstance)
          .forEach(update -> replaced = update.toString());
    }

    @Override
    public void status(SourceStatus status) {
      // Of no interest here.
    }
  }

  @Test
  void whereThereAreNoEndpointSlicesEndpointsAreUsed() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "endpoints")) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v2");
      mesh.applyPolicy(Documents.split(0, 100));
      cluster.killApiServer();
      cluster.startApiServer("--runtime-config=discovery.k8s.io/v1=false");
      try {
        ControlPlane server = mesh.startServer();
        KubernetesMesh.awaitState(server, State.SYNCED);
        mesh.startGateway(server);
        mesh.awaitAnswers();
        try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
          KubernetesMesh.awaitOnly(traffic, "orders-2");
          mesh.run("orders-3", "v2");
          await().until(() -> traffic.await(100).instances().containsKey("orders-3"));
          mesh.pods().ready("orders-2", false);
          KubernetesMesh.awaitOnly(traffic, "orders-3");
          assertThat(traffic.stop().failures()).isEmpty();
        }
      } finally {
        cluster.killApiServer();
        cluster.startApiServer();
      }
    }
  }

  private static String problems(ControlPlane server) {
    return String.join(
        "\n", KubernetesMesh.source(server).problems().stream().map(Objects::toString).toList());
  }
}
