package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.node.Role;
import dev.sluice.server.snapshot.Revision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The service {@code orders} behind three Envoys, each under traffic of one connection, so that its
 * answers have an order. One of them, a sidecar, can be frozen.
 */
final class RolloutAmongThree implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** What is thawed late must not have run out of time meanwhile. */
  private static final String TIMEOUTS = "timeouts: {request: 60s}\n";

  private final TestMesh mesh;
  private final Map<String, TestBackend> backends = new TreeMap<>();
  private final SortedMap<String, ContinuousTraffic> traffic = new TreeMap<>();
  private final EnvoyProcess freezing;
  private final String frozenId;
  private final List<String> shares = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Void> looking;

  /** All three are there when it returns. */
  RolloutAmongThree(String name, Path folder, String sections, String... versions) {
    mesh = new TestMesh(name, folder);
    for (String version : versions) {
      backends.put(version, mesh.backend(version, version));
    }
    ready(versions);
    save(sections);
    frozenId = mesh.id(Role.SIDECAR);
    freezing = mesh.start(Role.SIDECAR);
    keepSending(Role.SIDECAR);
    mesh.goToNextSidecar();
    mesh.start(Role.SIDECAR);
    keepSending(Role.SIDECAR);
    mesh.start(Role.GATEWAY);
    keepSending(Role.GATEWAY);
    traffic.values().forEach(one -> one.await(20));
    await(JsonNode::isObject);
    looking = CompletableFuture.runAsync(this::look, task -> Thread.ofVirtual().start(task));
  }

  private void keepSending(Role role) {
    traffic.put(mesh.id(role), mesh.client(role).keepSending(1, Duration.ofMillis(3)));
  }

  private void look() {
    try {
      while (!stopping.await(50, TimeUnit.MILLISECONDS)) {
        shares.add(VersionRuns.shares(standing()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Saves the policy with these sections. */
  long save(String sections) {
    return mesh.savePolicy(TIMEOUTS + sections);
  }

  /** Has just these versions have an instance. */
  long ready(String... versions) {
    return mesh.saveOrders(Stream.of(versions).map(backends::get).toArray(TestBackend[]::new));
  }

  void freeze() {
    freezing.signal("STOP");
  }

  void thaw() {
    freezing.signal("CONT");
  }

  String frozen() {
    return frozenId;
  }

  /** How the rollout stands; missing where there is none. */
  JsonNode standing() {
    return mesh.rollout();
  }

  JsonNode await(Predicate<JsonNode> condition) {
    return Awaitility.await().atMost(PATIENCE).until(this::standing, condition);
  }

  JsonNode awaitPhase(String phase) {
    return await(it -> it.path("phase").asText().equals(phase));
  }

  /** Waits until the server knows nothing of a rollout any more. */
  void awaitForgotten() {
    Awaitility.await().atMost(PATIENCE).until(() -> rolloutGauges().equals(Set.of("0.0")));
  }

  private Set<String> rolloutGauges() {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("sluice_rollouts{"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .collect(Collectors.toSet());
  }

  private String metrics() {
    return TrafficClient.to(mesh.server().adminAddress().getPort(), "127.0.0.1")
        .at("/metrics")
        .once()
        .body();
  }

  /** Fails unless it stays in a phase so long. */
  void staysIn(String phase, Duration time) {
    Awaitility.await()
        .during(time)
        .atMost(time.plusSeconds(5))
        .until(() -> standing().path("phase").asText().equals(phase));
  }

  /** Waits until each proxy has had so many more answers, and fails unless all are of these. */
  void answer(String... versions) {
    traffic.forEach((proxy, one) -> answer(proxy, versions));
  }

  /** The same of the two that are never frozen. */
  void othersAnswer(String... versions) {
    traffic.keySet().stream()
        .filter(proxy -> !proxy.equals(frozenId))
        .forEach(proxy -> answer(proxy, versions));
  }

  /** Waits until just these answer, where no phase tells that proxies have it. */
  void awaitAnswers(String... versions) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> answer(versions));
  }

  private void answer(String proxy, String... versions) {
    assertThat(report(proxy, 30).versions()).as(proxy).containsOnlyKeys(versions);
  }

  private TrafficReport report(String proxy, int more) {
    ContinuousTraffic one = traffic.get(proxy);
    if (one == null) {
      throw new IllegalArgumentException(proxy);
    }
    return one.await(more);
  }

  /** By proxy, which versions have answered one after the other. */
  SortedMap<String, List<String>> runs() {
    SortedMap<String, List<String>> runs = new TreeMap<>();
    traffic.forEach((proxy, one) -> runs.put(proxy, VersionRuns.of(one.soFar())));
    return runs;
  }

  List<Answer> failures() {
    return traffic.values().stream().flatMap(one -> one.soFar().failures().stream()).toList();
  }

  /** The shares that the rollout had one after the other. */
  List<String> shares() {
    return VersionRuns.of(shares);
  }

  /** Waits until it has been seen with these last. */
  void awaitShares(String last) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !shares.isEmpty() && shares.getLast().equals(last));
  }

  /** How often a rollout has changed what proxies get. */
  long changes() {
    return mesh.server().views().history().get().stream()
        .filter(revision -> revision.cause().equals("rollout TrafficPolicy shop/orders"))
        .count();
  }

  /** The newest revision. */
  String revision() {
    return String.valueOf(
        mesh.server().views().history().get().stream().mapToLong(Revision::id).max().orElseThrow());
  }

  /** The command line, at this server. */
  SluiceCommandLine sluice() {
    return new SluiceCommandLine(mesh.server().adminAddress().getPort());
  }

  /** Asks for it as people do. */
  void ask(String verb) {
    TrafficClient client =
        TrafficClient.to(mesh.server().adminAddress().getPort(), "127.0.0.1")
            .asking("POST")
            .at("/v1/rollouts/shop/orders/" + verb);
    assertThat(client.once().status()).as(verb).isEqualTo(200);
  }

  @Override
  public void close() {
    thaw();
    stopping.countDown();
    looking.join();
    traffic.values().forEach(ContinuousTraffic::close);
    mesh.close();
  }
}
