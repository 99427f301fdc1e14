package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.rollout.Phase;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be seen of rollouts that two replicas carry out, wherever these are kept. */
final class RolloutReplicas {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutReplicas.class);
  private static final String VERSIONS = Documents.versions("v1", "v2");
  private static final String PLAIN = VERSIONS + "split: {weights: {v1: 1, v2: 0}}\n";
  private static final String STEPS =
      VERSIONS
          + """
          rollout:
            silentAfter: 5m
            canary: {from: v1, to: v2, steps: [%s]}
          """;

  /**
   * Awaitility's, of all tests of such: they run at the same time, so that none may take it back.
   */
  static final Duration TIMEOUT = Duration.ofSeconds(40);

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final RolloutPlace place;
  private final ReplicaPair pair;

  RolloutReplicas(RolloutPlace place, ReplicaPair pair) {
    this.place = place;
    this.pair = pair;
  }

  /** A canary that waits for the proxies of both, to which both answer alike. */
  void countsTheProxiesOfBoth() {
    begin();
    try (EnvoyProcess idle = pair.idle(false)) {
      place.save(STEPS.formatted("{weight: 10, approve: manual}, {weight: 50, hold: 4s}"));
      awaitPhase(Phase.APPROVING);
      await().until(() -> concerned(pair.leader()) == 3);
      idle.signal("STOP");
      try {
        promote(pair.follower());
        awaitPhase(Phase.SHIFTING);
        await().during(Duration.ofSeconds(5)).until(() -> phase().equals(Phase.SHIFTING.name()));
        await()
            .untilAsserted(
                () -> {
                  JsonNode proxies = ReplicaPair.rollout(pair.leader()).path("proxies");
                  assertThat(proxies.path("pending").toString()).isEqualTo("[\"idle\"]");
                  assertThat(proxies.path("acknowledged").asInt()).isEqualTo(2);
                });
      } finally {
        idle.signal("CONT");
      }
      awaitPhase(Phase.COMPLETE);
      pair.awaitOnly("v2");
    }
    assertThat(pair.failures()).isEmpty();
  }

  /** A replica that comes in the middle tells its first proxy of the shares of that moment. */
  void servesTheSharesOfThatMomentFromTheFirstOn() {
    begin();
    place.save(STEPS.formatted("{weight: 30, approve: manual}"));
    awaitPhase(Phase.APPROVING);
    try (SluiceProcess third = pair.startServer();
        RawProxy proxy = pair.rawProxy(third)) {
      await().atMost(PATIENCE).until(() -> !proxy.responses(ResourceType.ROUTE).isEmpty());
      third.awaitReady();
      await()
          .during(Duration.ofSeconds(3))
          .until(() -> proxy.responses(ResourceType.ROUTE).size() == 1);
      String route =
          proxy.holds(ResourceType.ROUTE).values().stream()
              .map(any -> References.unpack(any, RouteConfiguration.class).toString())
              .reduce("", String::concat);
      assertThat(route).contains("value: 7\n", "value: 3\n");
    }
  }

  /** Both are there, and all of the traffic is at v1. */
  private void begin() {
    pair.refill();
    place.readyV2(true);
    place.save(PLAIN);
    await().atMost(PATIENCE).until(() -> place.kept().isMissingNode());
    pair.awaitOnly("v1");
  }

  /** The leader is killed in that phase; the other one goes on, and the rollout ends right. */
  void endsRightWhenTheLeaderIsKilledIn(Phase phase) {
    begin();
    try (EnvoyProcess idle = pair.idle(false);
        KeptLog log = new KeptLog(place)) {
      bringTo(phase, idle);
      awaitPhase(phase);
      long serial = place.kept().path("serial").asLong();
      LOG.info("killing the leader in {}, {}", phase, place.kept());
      pair.killLeader();
      assertThat(place.kept().path("serial").asLong()).isGreaterThanOrEqualTo(serial);
      goOnFrom(phase, idle);
      Phase end = phase == Phase.REVERTING ? Phase.REVERTED : Phase.COMPLETE;
      awaitPhase(end);
      pair.awaitOnly(end == Phase.COMPLETE ? "v2" : "v1");
      LOG.info("{}", log.states());
      assertThat(log.shares()).as("of v2").isEqualTo(shares(phase));
      assertThat(log.contradictions()).isEmpty();
    }
    assertThat(pair.failures()).isEmpty();
  }

  /** One that was stopped, while another one went on, writes nothing when it wakes, and follows. */
  void whoWakesAndLeadsNoMoreWritesNothing() {
    begin();
    try (KeptLog log = new KeptLog(place)) {
      place.save(STEPS.formatted("{weight: 10, hold: 8s}, {weight: 50, approve: manual}"));
      awaitPhase(Phase.HOLDING);
      SluiceProcess woken = pair.pauseLeader();
      try {
        awaitPhase(Phase.APPROVING);
      } finally {
        woken.resume();
      }
      await().until(() -> ReplicaPair.rollout(woken).path("phase").asText().equals("APPROVING"));
      promote(woken);
      awaitPhase(Phase.COMPLETE);
      pair.awaitOnly("v2");
      LOG.info("{}", log.states());
      assertThat(log.shares()).isEqualTo(List.of(0, 100_000, 500_000, 1_000_000));
      assertThat(log.contradictions()).isEmpty();
    }
    assertThat(pair.failures()).isEmpty();
  }

  private void bringTo(Phase phase, EnvoyProcess idle) {
    switch (phase) {
      case READYING -> {
        place.readyV2(false);
        await().until(() -> healthy(pair.leader()) == 2); // Else it may begin with its first step.
        place.save(STEPS.formatted("{weight: 10, hold: 4s}, {weight: 50, hold: 4s}"));
      }
      case SHIFTING -> {
        place.save(STEPS.formatted("{weight: 10, approve: manual}, {weight: 50, hold: 4s}"));
        awaitPhase(Phase.APPROVING);
        idle.signal("STOP");
        promote(pair.leader());
      }
      case HOLDING ->
          place.save(STEPS.formatted("{weight: 10, hold: 20s}, {weight: 50, hold: 4s}"));
      case APPROVING ->
          place.save(STEPS.formatted("{weight: 10, approve: manual}, {weight: 50, hold: 4s}"));
      case KEEPING -> {
        place.save(flip("v1", "v2"));
        awaitPhase(Phase.COMPLETE);
        place.save(flip("v2", "v1"));
      }
      case REVERTING -> {
        place.save(STEPS.formatted("{weight: 10, hold: 4s}, {weight: 50, approve: manual}"));
        awaitPhase(Phase.APPROVING);
        idle.signal("STOP");
        place.readyV2(false);
      }
      default -> throw new IllegalArgumentException(phase + " waits for nothing");
    }
  }

  private void goOnFrom(Phase phase, EnvoyProcess idle) {
    switch (phase) {
      case READYING -> place.readyV2(true);
      case SHIFTING, REVERTING -> idle.signal("CONT");
      case APPROVING -> promoteSurvivor();
      default -> {}
    }
  }

  private static List<Integer> shares(Phase phase) {
    return switch (phase) {
      case KEEPING -> List.of(0, 1_000_000);
      case REVERTING -> List.of(0, 100_000, 500_000, 0);
      default -> List.of(0, 100_000, 500_000, 1_000_000);
    };
  }

  private static String flip(String active, String standby) {
    return VERSIONS
        + """
        rollout:
          silentAfter: 5m
          blueGreen: {active: %s, standby: %s, keepStandby: 25s, gate: {stableFor: 1s}}
        """
            .formatted(active, standby);
  }

  private void promoteSurvivor() {
    promote(pair.leader());
  }

  private static void promote(SluiceProcess server) {
    TrafficClient client =
        TrafficClient.to(server.adminPort(), "127.0.0.1:" + server.adminPort())
            .asking("POST")
            .at(
                "/v1/rollouts/"
                    + ReplicaPair.rollout(server).path("namespace").asText()
                    + "/orders/promote");
    await().until(() -> client.once().status() == 200);
  }

  /** How many instances of both versions a server knows that may be called. */
  private static int healthy(SluiceProcess server) {
    return ReplicaPair.json(server.admin("/v1/services?name=orders"))
        .at("/services/0/instances/healthy")
        .asInt();
  }

  private static int concerned(SluiceProcess server) {
    return ReplicaPair.rollout(server).at("/proxies/concerned").asInt();
  }

  private String phase() {
    return place.kept().path("phase").asText();
  }

  private void awaitPhase(Phase phase) {
    await().atMost(PATIENCE).until(this::phase, phase.name()::equals);
  }

  /** Every state that was kept, as far as it stood for a moment. */
  private static final class KeptLog implements AutoCloseable {
    private final Map<Long, String> bySerial = new TreeMap<>();
    private final Map<Long, Integer> shares = new TreeMap<>();
    private final List<String> contradictions = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CompletableFuture<Void> done;

    KeptLog(RolloutPlace place) {
      done = CompletableFuture.runAsync(() -> run(place), task -> Thread.ofVirtual().start(task));
    }

    private void run(RolloutPlace place) {
      try {
        while (!stopping.await(50, TimeUnit.MILLISECONDS)) {
          look(place.kept());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private synchronized void look(JsonNode kept) {
      if (!kept.isObject()) {
        return;
      }
      long serial = kept.path("serial").asLong();
      int share = kept.path("shares").path("v2").asInt();
      String text = kept.path("phase").asText() + " " + share;
      String before = bySerial.put(serial, text);
      if (before != null && !before.equals(text)) {
        contradictions.add(serial + ": " + before + ", then " + text);
      }
      shares.put(serial, share);
    }

    synchronized List<String> states() {
      return List.copyOf(bySerial.values());
    }

    synchronized List<String> contradictions() {
      return List.copyOf(contradictions);
    }

    /** The shares of v2 one after the other. */
    synchronized List<Integer> shares() {
      List<Integer> all = new ArrayList<>(List.of(0)); // Its beginning may pass at once.
      for (int share : shares.values()) {
        if (all.getLast() != share) {
          all.add(share);
        }
      }
      return all;
    }

    @Override
    public void close() {
      stopping.countDown();
      done.join();
    }
  }
}
