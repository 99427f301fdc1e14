package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.rollout.Phase;
import dev.sluice.server.settings.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that keeps its state in a directory, killed with -9 in each phase of a rollout. Most of
 * the time it waits for proxies to come back, so some are killed at the same time.
 */
@NeedsEnvoy
class RolloutKilledTest {
  private static final int AT_THE_SAME_TIME = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CANARY =
      Documents.versions("v1", "v2")
          + "rollout: {onSilent: wait, canary: {from: v1, to: v2, steps: [%s]}}\n";

  private static final Set<Phase> PHASES =
      EnumSet.of(
          Phase.READYING,
          Phase.SHIFTING,
          Phase.HOLDING,
          Phase.APPROVING,
          Phase.KEEPING,
          Phase.REVERTING);

  @TempDir private Path all;

  @Test
  void itGoesOnWhereItWasAndNoStepIsRepeatedOrLeftOut() {
    SoftAssertions softly = new SoftAssertions();
    Map<Phase, Future<?>> runs = new EnumMap<>(Phase.class);
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_THE_SAME_TIME)) {
      for (Phase phase : PHASES) {
        runs.put(
            phase, threads.submit(() -> new OneRun(all.resolve(phase.name())).killedIn(phase)));
      }
    }
    runs.forEach(
        (phase, run) ->
            softly.assertThatCode(run::get).as(phase.name()).doesNotThrowAnyException());
    softly.assertAll();
  }

  /** One server, and the next. */
  private static final class OneRun {
    private final Path folder;
    private final Map<Long, Integer> kept = new TreeMap<>();

    OneRun(Path folder) {
      this.folder = folder;
    }

    void killedIn(Phase phase) {
      DocumentFolder documents = new DocumentFolder(folder);
      CountDownLatch stopping = new CountDownLatch(1);
      int outbound = Ports.free();
      try (TestBackend v1 = TestBackend.start("v1", "a");
          TestBackend v2 = TestBackend.start("v2", "b")) {
        documents.save("orders.yaml", Documents.orders(v1, v2));
        documents.save("policy.yaml", policy(Documents.split(1, 0)));
        try (SluiceProcess first = start(documents, "first");
            Forwarder address = new Forwarder(first.xdsPort());
            EnvoyProcess envoy = sidecar("busy-" + phase, address.port(), outbound);
            EnvoyProcess idle = sidecar("idle-" + phase, address.port(), Ports.free())) {
          envoy.awaitListener(outbound);
          CompletableFuture<Void> looking =
              CompletableFuture.runAsync(
                  () -> look(stopping), task -> Thread.ofVirtual().start(task));
          TrafficClient client = TrafficClient.to(outbound, "orders.shop");
          await().until(() -> client.send(20, 1).failures().isEmpty());
          try (ContinuousTraffic traffic = client.keepSending(2, Duration.ofMillis(3))) {
            bringTo(phase, first, idle, documents, v1, v2);
            awaitPhase(phase);
            long serial = state().path("serial").asLong();
            first.kill();
            assertThat(state().path("phase").asText()).isEqualTo(phase.name());

            try (SluiceProcess second = start(documents, "second")) {
              address.to(second.xdsPort());
              address.drop();
              goOnFrom(phase, second, idle, documents, v1, v2);
              Phase end = phase == Phase.REVERTING ? Phase.REVERTED : Phase.COMPLETE;
              awaitPhase(end);
              assertThat(state().path("serial").asLong()).isGreaterThan(serial);
              String all = end == Phase.COMPLETE ? "v2" : "v1";
              await()
                  .atMost(PATIENCE)
                  .until(() -> traffic.await(50).versions().keySet().equals(Set.of(all)));
              stopping.countDown();
              looking.join();
              assertThat(shares()).isEqualTo(expected(phase));
              assertThat(traffic.stop().failures()).isEmpty();
            }
          } finally {
            stopping.countDown();
            idle.signal("CONT");
          }
        }
      }
    }

    private void bringTo(
        Phase phase,
        SluiceProcess server,
        EnvoyProcess idle,
        DocumentFolder documents,
        TestBackend v1,
        TestBackend v2) {
      switch (phase) {
        case READYING -> {
          documents.save("orders.yaml", Documents.orders(v1));
          await().until(() -> !server.admin("/v1/services").contains(":" + v2.port()));
          canary(documents, "{weight: 10, hold: 1s}, {weight: 50, hold: 1s}");
        }
        case SHIFTING -> {
          canary(documents, "{weight: 10, approve: manual}, {weight: 50, hold: 1s}");
          awaitPhase(Phase.APPROVING);
          idle.signal("STOP");
          promote(server);
        }
        case HOLDING -> canary(documents, "{weight: 10, hold: 10s}, {weight: 50, hold: 1s}");
        case APPROVING ->
            canary(documents, "{weight: 10, approve: manual}, {weight: 50, hold: 1s}");
        case KEEPING -> {
          documents.save("policy.yaml", policy(flip("v1", "v2")));
          awaitPhase(Phase.COMPLETE);
          documents.save("policy.yaml", policy(flip("v2", "v1")));
        }
        case REVERTING -> {
          canary(documents, "{weight: 10, hold: 1s}, {weight: 50, approve: manual}");
          awaitPhase(Phase.APPROVING);
          idle.signal("STOP");
          ask(server, "abort");
        }
        default -> throw new IllegalArgumentException(phase + " waits for nothing");
      }
    }

    private static void goOnFrom(
        Phase phase,
        SluiceProcess server,
        EnvoyProcess idle,
        DocumentFolder documents,
        TestBackend v1,
        TestBackend v2) {
      switch (phase) {
        case READYING -> documents.save("orders.yaml", Documents.orders(v1, v2));
        case SHIFTING, REVERTING -> idle.signal("CONT");
        case APPROVING -> promote(server);
        default -> {}
      }
    }

    private static List<Integer> expected(Phase phase) {
      return switch (phase) {
        case KEEPING -> List.of(0, 1_000_000);
        case REVERTING -> List.of(0, 100_000, 500_000, 0);
        default -> List.of(0, 100_000, 500_000, 1_000_000);
      };
    }

    private static void canary(DocumentFolder documents, String steps) {
      documents.save("policy.yaml", policy(CANARY.formatted(steps)));
    }

    private static String policy(String sections) {
      return Documents.policyOf("orders", sections);
    }

    private static String flip(String active, String standby) {
      return Documents.versions("v1", "v2")
          + """
        rollout:
          blueGreen: {active: %s, standby: %s, keepStandby: 10s, gate: {stableFor: 1s}}
        """
              .formatted(active, standby);
    }

    private SluiceProcess start(DocumentFolder documents, String name) {
      return SluiceProcess.start(
              folder,
              name,
              "sources: {files: [%s]}\nstate: %s\n"
                  .formatted(documents.path(), folder.resolve("state")))
          .awaitReady();
    }

    private static EnvoyProcess sidecar(String id, int xdsPort, int outbound) {
      NodeGroup group =
          new NodeGroup(
              Role.SIDECAR,
              new ServiceId("front", "shop"),
              new TreeSet<>(),
              new TreeMap<>(),
              Locality.UNKNOWN,
              outbound,
              List.of(),
              List.of());
      String bootstrap =
          new EnvoyBootstrap(
                  new ProxyNode(id, group),
                  new HostPort("127.0.0.1", xdsPort),
                  0,
                  Variant.DELTA,
                  null)
              .yaml();
      return EnvoyProcess.start("rollout-" + id, bootstrap).awaitLive();
    }

    private static void promote(SluiceProcess server) {
      ask(server, "promote");
    }

    private static void ask(SluiceProcess server, String verb) {
      TrafficClient client =
          TrafficClient.to(server.adminPort(), "127.0.0.1:" + server.adminPort())
              .asking("POST")
              .at("/v1/rollouts/shop/orders/" + verb);
      await().until(() -> client.once().status() == 200);
    }

    private void awaitPhase(Phase phase) {
      await().atMost(PATIENCE).until(() -> state().path("phase").asText().equals(phase.name()));
    }

    /** What is kept; missing where there is nothing. */
    private JsonNode state() {
      Path file =
          folder.resolve("state").resolve("rollouts").resolve("shop").resolve("orders.json");
      try {
        return Files.exists(file)
            ? new ObjectMapper().readTree(Files.readString(file))
            : MissingNode.getInstance();
      } catch (IOException e) {
        return MissingNode.getInstance(); // Just being replaced.
      }
    }

    private void look(CountDownLatch stopping) {
      try {
        while (!stopping.await(50, TimeUnit.MILLISECONDS)) {
          JsonNode state = state();
          if (state.isObject()) {
            kept.put(state.path("serial").asLong(), state.path("shares").path("v2").asInt());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** The shares of v2 one after the other, by the order in which they were kept. */
    private List<Integer> shares() {
      List<Integer> all = new ArrayList<>(List.of(0)); // Its beginning may pass at once.
      for (int share : kept.values()) {
        if (all.getLast() != share) {
          all.add(share);
        }
      }
      return all;
    }
  }
}
