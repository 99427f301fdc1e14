package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that come and go. */
@NeedsEnvoy
class InstancesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void anInstanceThatLeavesGetsNothingNewAfterHalfASecondAndNothingFails(Role role) {
    try (TestMesh mesh = new TestMesh("leaving", folder)) {
      TestBackend stays = mesh.backend("v1", "stays");
      TestBackend leaves = mesh.backend("v1", "leaves");
      mesh.saveOrders(stays, leaves);
      mesh.savePolicy("timeouts: {request: 5s}");
      mesh.start(role);
      try (ContinuousTraffic traffic = mesh.client(role).keepSending()) {
        assertThat(traffic.await(500).instances()).containsOnlyKeys("stays", "leaves");

        long saved = mesh.saveOrders(stays);
        long gone = saved + TimeUnit.MILLISECONDS.toNanos(500);
        traffic.awaitSentAfter(gone, 1);
        int reached = leaves.requests();
        traffic.awaitSentAfter(saved + TimeUnit.SECONDS.toNanos(1), 1);
        assertThat(leaves.requests()).as("requests that came after 500 ms").isEqualTo(reached);
        leaves.close(); // It has gone on serving for a second.
        traffic.await(500);

        TrafficReport all = traffic.stop();
        assertThat(all.sentAfter(gone).instances()).containsOnlyKeys("stays");
        assertThat(all.failures()).as("%s", all).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void anInstanceThatComesTakesItsPart(Role role) {
    try (TestMesh mesh = new TestMesh("coming", folder)) {
      TestBackend first = mesh.backend("v1", "first");
      mesh.saveOrders(first);
      mesh.savePolicy("timeouts: {request: 5s}");
      mesh.start(role);
      try (ContinuousTraffic traffic = mesh.client(role).keepSending()) {
        assertThat(traffic.await(100).instances()).containsOnlyKeys("first");

        long saved = mesh.saveOrders(first, mesh.backend("v1", "second"));
        TrafficReport after =
            traffic.awaitSentAfter(saved + TimeUnit.MILLISECONDS.toNanos(500), 500);

        assertThat(after.instances().keySet()).isEqualTo(new TreeSet<>(List.of("first", "second")));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }
}
