package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Versions, their clusters, instances and weights come, change and go under traffic, and no request
 * notices. {@code -Dmake-before-break.requests=1000000} makes it long.
 */
@NeedsEnvoy
class MakeBeforeBreakTest {
  private static final int REQUESTS = Integer.getInteger("make-before-break.requests", 40_000);
  private static final int CHANGES = 100;

  /** What Envoy counts when it has no route, no cluster or no healthy host for a request. */
  private static final String LOST =
      "(http\\..*\\.no_(route|cluster)|cluster\\..*\\.upstream_cx_none_healthy)";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void noRequestFailsWhileAllOfItChanges(Variant variant) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestMesh mesh = new TestMesh("make-before-break-" + variant, folder)) {
      Orders orders = new Orders(mesh, random);
      orders.save();
      EnvoyProcess envoy = mesh.start(Role.SIDECAR, variant);
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(4, Duration.ofMillis(1))) {
        for (int change = 0; change < CHANGES; change++) {
          orders.change();
          traffic.await(REQUESTS / CHANGES);
        }
        TrafficReport report = traffic.stop();
        assertThat(report.count()).isGreaterThanOrEqualTo(REQUESTS);
        assertThat(report.failures()).as("seed " + seed + ": " + report).isEmpty();
      }
      assertThat(envoy.stats(LOST).values()).as("seed " + seed).containsOnly(0L);
    }
  }

  /** The service with its policy: three instances of each of up to four versions. */
  private static final class Orders {
    private final TestMesh mesh;
    private final Random random;
    private final List<List<TestBackend>> versions = new ArrayList<>();
    private int made;

    Orders(TestMesh mesh, Random random) {
      this.mesh = mesh;
      this.random = random;
      add();
      add();
    }

    void change() {
      switch (random.nextInt(6)) {
        case 0 -> add();
        case 1 -> {
          if (versions.size() > 1) {
            versions.remove(random.nextInt(versions.size()));
          }
        }
        case 2 -> {
          List<TestBackend> instances = versions.get(random.nextInt(versions.size()));
          instances.add(mesh.backend(instances.getFirst().version(), "i" + made++));
        }
        case 3 -> {
          List<TestBackend> instances = versions.get(random.nextInt(versions.size()));
          if (instances.size() > 1) {
            instances.remove(random.nextInt(instances.size()));
          }
        }
        default -> {} // Only the weights.
      }
      save();
    }

    private void add() {
      if (versions.size() < 4) {
        String version = "v" + made++;
        versions.add(
            IntStream.range(0, 3)
                .mapToObj(instance -> mesh.backend(version, version + "-" + instance))
                .collect(Collectors.toCollection(ArrayList::new)));
      }
    }

    /** Instances before the policy or after it: the server has to cope with either. */
    void save() {
      boolean instancesFirst = random.nextBoolean();
      if (instancesFirst) {
        mesh.save("orders.yaml", instances());
      }
      mesh.savePolicy(policy());
      if (!instancesFirst) {
        mesh.save("orders.yaml", instances());
      }
    }

    private String instances() {
      return Documents.orders(versions.stream().flatMap(List::stream).toList());
    }

    private String policy() {
      List<String> names =
          versions.stream().map(instances -> instances.getFirst().version()).toList();
      String weights =
          names.stream()
              .map(name -> name + ": " + (1 + random.nextInt(99)))
              .collect(Collectors.joining(", "));
      return Documents.versions(names.toArray(String[]::new))
          + "split: {weights: {"
          + weights
          + "}}\n";
    }
  }
}
