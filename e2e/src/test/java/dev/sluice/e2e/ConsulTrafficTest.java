package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.settings.ConsulSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Consul's users do with their machines, with traffic running, and no request notices. */
@NeedsConsul
@NeedsEnvoy
class ConsulTrafficTest {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulTrafficTest.class);
  private static final int FLAPPING = 50;

  /** Envoy calls all where it may call less than half. */
  private static final int MOST_CRITICAL = 20;

  private static final String UPDATES = "cluster\\.orders\\.shop.*\\.update_success";

  /** {@code -Dconsul-flaps.seconds=60} makes it long. */
  private static final Duration FLAPS =
      Duration.ofSeconds(Integer.getInteger("consul-flaps.seconds", 20));

  /** A time in which an instance was critical, in {@link System#nanoTime}. */
  private record Fall(String instance, long from, long to) {
    /** A busy service is read five times a second. */
    private static final long LATER = TimeUnit.SECONDS.toNanos(1);

    boolean isLong() {
      return to - from > LATER;
    }

    /** Whether the request was sent to the instance long after it had become critical. */
    boolean isOf(Answer answer) {
      return answer.instance().equals(instance)
          && answer.sentNanos() - from > LATER
          && answer.sentNanos() - to < 0;
    }
  }

  @TempDir static Path data;
  private static ConsulServer consul;

  @BeforeAll
  static void startConsul() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    consul = ConsulServer.start(data, ConsulOptions.of("dc1"));
  }

  @AfterAll
  static void stopConsul() {
    Awaitility.reset();
    if (consul != null) {
      consul.close();
    }
  }

  @Test
  void noRequestFailsWhileFiftyInstancesFlap(@TempDir Path folder) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Machines machines = new Machines(consul);
        TestMesh mesh = new TestMesh("flapping", folder)) {
      List<String> names = IntStream.range(0, FLAPPING).mapToObj(i -> "machine-" + i).toList();
      names.forEach(name -> machines.run(name, "v1"));
      mesh.watch(ConsulSettings.of("dc1", URI.create(consul.address()), "shop"));
      mesh.savePolicy("loadBalancer: {type: RoundRobin}");
      EnvoyProcess envoy = mesh.start(Role.GATEWAY);
      Machines.awaitHealthy(envoy, FLAPPING);
      long changesBefore = envoy.stat(UPDATES);
      TrafficClient client = mesh.client(Role.GATEWAY);
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        Map<String, Long> critical = new HashMap<>();
        List<Fall> falls = new ArrayList<>();
        long end = System.nanoTime() + FLAPS.toNanos();
        int flaps = 0;
        for (; System.nanoTime() < end; flaps++) {
          String name = names.get(random.nextInt(FLAPPING));
          Long since = critical.remove(name);
          if (since != null) {
            falls.add(new Fall(name, since, System.nanoTime()));
            machines.set(name, ConsulStatus.PASSING);
          } else if (critical.size() < MOST_CRITICAL) {
            critical.put(name, machines.set(name, ConsulStatus.CRITICAL));
          }
          traffic.await(20);
        }
        long changes = envoy.stat(UPDATES) - changesBefore;
        critical.keySet().forEach(name -> machines.set(name, ConsulStatus.PASSING));
        Machines.awaitHealthy(envoy, FLAPPING);
        assertThat(traffic.await(1_000).instances().keySet()).isEqualTo(Set.copyOf(names));
        TrafficReport report = traffic.stop();
        LOG.info("seed {}: {} flaps, {} changes in Envoy, {}", seed, flaps, changes, report);
        assertThat(report.failures()).as("seed %s: %s", seed, report).isEmpty();
        assertThat(falls).as("some are critical for long").anyMatch(Fall::isLong);
        assertThat(report.where(answer -> falls.stream().anyMatch(it -> it.isOf(answer))).answers())
            .as("seed %s: requests to instances that had been critical for a second", seed)
            .isEmpty();
        assertThat(flaps).isGreaterThan(5 * (int) FLAPS.toSeconds());
        assertThat(changes).as("changes that reached Envoy").isGreaterThan(FLAPS.toSeconds());
      }
    }
  }

  @Test
  void maintenanceTakesInstancesOutAndIn(@TempDir Path folder) {
    try (Machines machines = new Machines(consul);
        TestMesh mesh = new TestMesh("maintenance", folder)) {
      ConsulAgent agent = consul.api().agent();
      machines.runBesideAgent("agents-1", "v1");
      machines.runBesideAgent("agents-2", "v1");
      machines.run("other", "v1");
      mesh.watch(ConsulSettings.of("dc1", URI.create(consul.address()), "shop"));
      mesh.savePolicy("loadBalancer: {type: RoundRobin}");
      Machines.awaitHealthy(mesh.start(Role.GATEWAY), 3);
      TrafficClient client = mesh.client(Role.GATEWAY);
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        awaitInstances(traffic, "agents-1", "agents-2", "other");
        agent.startMaintenance(machines.get("agents-1"));
        awaitInstances(traffic, "agents-2", "other");
        agent.endMaintenance(machines.get("agents-1"));
        awaitInstances(traffic, "agents-1", "agents-2", "other");

        agent.startMaintenance();
        awaitInstances(traffic, "other");
        agent.endMaintenance();
        awaitInstances(traffic, "agents-1", "agents-2", "other");
        assertThat(traffic.stop().failures()).isEmpty();
      } finally {
        agent.endMaintenance();
      }
    }
  }

  private static void awaitInstances(ContinuousTraffic traffic, String... instances) {
    await()
        .untilAsserted(
            () -> assertThat(traffic.await(100).instances()).containsOnlyKeys(instances));
  }
}
