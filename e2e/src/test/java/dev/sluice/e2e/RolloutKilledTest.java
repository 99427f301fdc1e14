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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that keeps its state in a directory, killed with -9 in each phase of a rollout, and
 * stopped in good order. Most of the time it waits for proxies to come back, so some run at the
 * same time.
 */
@NeedsEnvoy
class RolloutKilledTest {
  private static final int AT_THE_SAME_TIME = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String CANARY =
      Documents.versions("v1", "v2")
          + "rollout: {onSilent: wait, canary: {from: v1, to: v2, steps: [%s]}}\n";

  private static final Set<Phase> PHASES =
      EnumSet.of(Phase.READYING, Phase.SHIFTING, Phase.HOLDING, Phase.APPROVING, Phase.REVERTING);

  private static final Set<Phase> FLIP_PHASES =
      EnumSet.of(Phase.READYING, Phase.SHIFTING, Phase.KEEPING, Phase.REVERTING);

  @TempDir private Path all;
  private final AtomicInteger number = new AtomicInteger();

  @Test
  void itGoesOnWhereItWasAndNoStepIsRepeatedOrLeftOut() {
    SoftAssertions softly = new SoftAssertions();
    Map<String, Future<?>> runs = new TreeMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_THE_SAME_TIME)) {
      for (Phase phase : PHASES) {
        runs.put(phase + ", killed", threads.submit(() -> run(phase, false, SluiceProcess::kill)));
      }
      for (Phase phase : FLIP_PHASES) {
        runs.put(
            phase + " of a flip, killed",
            threads.submit(() -> run(phase, true, SluiceProcess::kill)));
      }
      runs.put(
          "SHIFTING, stopped",
          threads.submit(() -> run(Phase.SHIFTING, false, SluiceProcess::stop)));
    }
    runs.forEach(
        (what, run) -> softly.assertThatCode(run::get).as(what).doesNotThrowAnyException());
    softly.assertAll();
  }

  private void run(Phase phase, boolean isFlip, Consumer<SluiceProcess> end) {
    try (OneRun run = new OneRun(all.resolve("run-" + number.incrementAndGet()), isFlip)) {
      run.endedIn(phase, end);
    }
  }

  /** One server, and the next. */
  private static final class OneRun implements AutoCloseable {
    private final Path folder;
    private final boolean isFlip;
    private final DocumentFolder documents;
    private final TestBackend v1 = TestBackend.start("v1", "a");
    private final TestBackend v2 = TestBackend.start("v2", "b");
    private final Map<Long, Integer> kept = new TreeMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    OneRun(Path folder, boolean isFlip) {
      this.folder = folder;
      this.isFlip = isFlip;
      this.documents = new DocumentFolder(folder);
    }

    @Override
    public void close() {
      stopping.countDown();
      v1.close();
      v2.close();
    }

    void endedIn(Phase phase, Consumer<SluiceProcess> end) {
      int outbound = Ports.free();
      documents.save("orders.yaml", Documents.orders(v1, v2));
      documents.save("policy.yaml", policy(Documents.split(1, 0)));
      try (SluiceProcess first = start("first");
          Forwarder address = new Forwarder(first.xdsPort());
          EnvoyProcess envoy = sidecar("busy-" + folder.getFileName(), address.port(), outbound);
          EnvoyProcess idle =
              sidecar("idle-" + folder.getFileName(), address.port(), Ports.free())) {
        envoy.awaitListener(outbound);
        CompletableFuture<Void> looking =
            CompletableFuture.runAsync(this::look, task -> Thread.ofVirtual().start(task));
        TrafficClient client = TrafficClient.to(outbound, "orders.shop");
        await().until(() -> client.send(20, 1).failures().isEmpty());
        try (ContinuousTraffic traffic = client.keepSending(2, Duration.ofMillis(3))) {
          if (isFlip) {
            flipTo(phase, first, idle);
          } else {
            bringTo(phase, first, idle);
          }
          awaitPhase(phase);
          long serial = state().path("serial").asLong();
          end.accept(first);
          assertThat(state().path("phase").asText()).isEqualTo(phase.name());

          try (SluiceProcess second = start("second")) {
            address.to(second.xdsPort());
            address.drop();
            goOnFrom(phase, second, idle);
            Phase last = phase == Phase.REVERTING ? Phase.REVERTED : Phase.COMPLETE;
            awaitPhase(last);
            assertThat(state().path("serial").asLong()).isGreaterThan(serial);
            String all = last == Phase.COMPLETE ? "v2" : "v1";
            await()
                .atMost(PATIENCE)
                .until(() -> traffic.await(50).versions().keySet().equals(Set.of(all)));
            stopping.countDown();
            looking.join();
            assertThat(shares()).isEqualTo(expected(phase));
            assertThat(traffic.stop().failures()).isEmpty();
          }
        } finally {
          idle.signal("CONT");
        }
      }
    }

    /** All of the traffic is at v1, and is to go to v2. */
    private void flipTo(Phase phase, SluiceProcess server, EnvoyProcess idle) {
      documents.save("policy.yaml", policy(flip("v1", "v2")));
      awaitPhase(Phase.COMPLETE);
      switch (phase) {
        case READYING -> withoutV2(server);
        case SHIFTING -> idle.signal("STOP");
        default -> {}
      }
      documents.save("policy.yaml", policy(flip("v2", "v1")));
      if (phase == Phase.REVERTING) {
        awaitPhase(Phase.KEEPING);
        idle.signal("STOP");
        ask(server, "abort");
      }
    }

    private void withoutV2(SluiceProcess server) {
      documents.save("orders.yaml", Documents.orders(v1));
      await().until(() -> !server.admin("/v1/services").contains(":" + v2.port()));
    }

    private void bringTo(Phase phase, SluiceProcess server, EnvoyProcess idle) {
      switch (phase) {
        case READYING -> {
          withoutV2(server);
          canary("{weight: 10, hold: 4s}, {weight: 50, hold: 4s}");
        }
        case SHIFTING -> {
          canary("{weight: 10, approve: manual}, {weight: 50, hold: 4s}");
          awaitPhase(Phase.APPROVING);
          idle.signal("STOP");
          promote(server);
        }
        case HOLDING -> canary("{weight: 10, hold: 10s}, {weight: 50, hold: 4s}");
        case APPROVING -> canary("{weight: 10, approve: manual}, {weight: 50, hold: 4s}");
        case REVERTING -> {
          canary("{weight: 10, hold: 4s}, {weight: 50, approve: manual}");
          awaitPhase(Phase.APPROVING);
          idle.signal("STOP");
          ask(server, "abort");
        }
        default -> throw new IllegalArgumentException(phase + " waits for nothing");
      }
    }

    private void goOnFrom(Phase phase, SluiceProcess server, EnvoyProcess idle) {
      switch (phase) {
        case READYING -> documents.save("orders.yaml", Documents.orders(v1, v2));
        case SHIFTING, REVERTING -> idle.signal("CONT");
        case APPROVING -> promote(server);
        default -> {}
      }
    }

    private List<Integer> expected(Phase phase) {
      if (isFlip) {
        return phase == Phase.REVERTING ? List.of(0, 1_000_000, 0) : List.of(0, 1_000_000);
      }
      return switch (phase) {
        case REVERTING -> List.of(0, 100_000, 500_000, 0);
        default -> List.of(0, 100_000, 500_000, 1_000_000);
      };
    }

    private void canary(String steps) {
      documents.save("policy.yaml", policy(CANARY.formatted(steps)));
    }

    private static String policy(String sections) {
      return Documents.policyOf("orders", sections);
    }

    private static String flip(String active, String standby) {
      return Documents.versions("v1", "v2")
          + """
        rollout:
          onSilent: wait
          blueGreen: {active: %s, standby: %s, keepStandby: 10s, gate: {stableFor: 1s}}
        """
              .formatted(active, standby);
    }

    private SluiceProcess start(String name) {
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

    private void look() {
      try {
        boolean isOver = false;
        while (!isOver) {
          isOver = stopping.await(50, TimeUnit.MILLISECONDS);
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
