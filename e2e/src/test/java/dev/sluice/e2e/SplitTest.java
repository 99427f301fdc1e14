package dev.sluice.e2e;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights in the routes. */
@NeedsEnvoy
class SplitTest {
  private static final int REQUESTS = 20_000;

  @TempDir Path folder;

  static Stream<Arguments> everyRoleAndVariant() {
    return Stream.of(Role.GATEWAY, Role.SIDECAR)
        .flatMap(role -> Stream.of(Variant.values()).map(variant -> Arguments.of(role, variant)));
  }

  @ParameterizedTest
  @MethodSource("everyRoleAndVariant")
  void trafficFollowsTheWeightsAndTheirEditWithoutAFailure(Role role, Variant variant) {
    try (TestMesh mesh = new TestMesh("split-" + variant, folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(90, 10));
      mesh.start(role, variant);
      try (ContinuousTraffic traffic = mesh.client(role).keepSending()) {
        Shares.within3Deviations(Map.of("v1", 0.9, "v2", 0.1), () -> traffic.await(REQUESTS));

        long saved = mesh.savePolicy(Documents.split(50, 50));
        long applied = saved + MILLISECONDS.toNanos(500);
        // Four and a half deviations to either side; the old weights would give 180.
        TrafficReport soon = traffic.awaitSentAfter(applied, 200).first(200);
        assertThat(soon.versions().getOrDefault("v1", 0L)).as("%s", soon).isBetween(68L, 132L);
        List<Long> from = new ArrayList<>(List.of(applied));
        Shares.within3Deviations(
            Map.of("v1", 0.5, "v2", 0.5),
            () -> {
              TrafficReport report = traffic.awaitSentAfter(from.getLast(), REQUESTS);
              from.add(System.nanoTime());
              return report;
            });

        TrafficReport all = traffic.stop();
        assertThat(all.failures()).as("%s", all).isEmpty();
      }
    }
  }
}
