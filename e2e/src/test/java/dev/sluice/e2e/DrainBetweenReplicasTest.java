package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.transport.TransportSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of two replicas is stopped as an operator stops it, and its proxies go to the other. */
@NeedsEnvoy
class DrainBetweenReplicasTest {
  private static final Duration DRAIN = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final int OTHERS = 10;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyProxyEndsOnTheOtherAndNoRequestFails(Variant variant) {
    try (TestMesh mesh = new TestMesh("drain-" + variant, folder)) {
      mesh.secure(TransportSettings.DEFAULT.withDrain(DRAIN));
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(50, 50));
      ControlPlane one = mesh.startReplica();
      ControlPlane two = mesh.startReplica();
      // As behind a load balancer: who is connected stays until he is sent away.
      try (Forwarder address = new Forwarder(one.xdsAddress().getPort())) {
        mesh.connectAt(address.port());
        mesh.start(Role.GATEWAY, variant);
        mesh.start(Role.SIDECAR, variant);
        List<RawProxy> others =
            IntStream.range(0, OTHERS)
                .mapToObj(i -> mesh.rawProxy("other-" + i, variant, address.port()))
                .toList();
        awaitSynced(one);
        address.to(two.xdsAddress().getPort());
        try (ContinuousTraffic gateway = mesh.client(Role.GATEWAY).keepSending(2, PAUSE);
            ContinuousTraffic sidecar = mesh.client(Role.SIDECAR).keepSending(2, PAUSE)) {
          gateway.await(100);
          assertThat(two.views().proxies().get()).as("nobody moves unasked").isEmpty();

          CompletableFuture<Void> drained =
              CompletableFuture.runAsync(one::drain, Thread::startVirtualThread);
          int edit = 0;
          while (!drained.isDone()) {
            mesh.savePolicy(Documents.split(1 + edit++ % 99, 100));
            sidecar.await(100);
          }
          drained.join();
          one.close();

          mesh.savePolicy(Documents.split(0, 100));
          for (Role role : List.of(Role.GATEWAY, Role.SIDECAR)) {
            mesh.awaitVersion(role, "v2");
          }
          awaitSynced(two);
          assertThat(gateway.stop().failures()).isEmpty();
          assertThat(sidecar.stop().failures()).isEmpty();
        }
        RawProxy first = others.getFirst();
        for (ResourceType type : RawProxy.TYPES) {
          assertThat(others).extracting(proxy -> proxy.holds(type)).containsOnly(first.holds(type));
        }
      }
    }
  }

  /** Waits until all are connected to that server and have what is newest. */
  private static void awaitSynced(ControlPlane server) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () ->
                assertThat(server.views().proxies().get())
                    .hasSize(OTHERS + 2)
                    .allMatch(proxy -> proxy.types().size() == 4 && proxy.synced()));
  }
}
