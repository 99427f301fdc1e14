package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.InboundPort;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What else a proxy of a role does. */
@NeedsEnvoy
class ProxiesTest {
  @TempDir Path folder;

  @Test
  void aSidecarTakesTheCallsToItsOwnApplication() {
    try (TestMesh mesh = new TestMesh("inbound", folder)) {
      TestBackend application = mesh.backend("own", "application");
      mesh.saveOrders(mesh.backend("v1", "a"));
      int port = Ports.free();
      EnvoyProcess envoy =
          mesh.start(
              Role.SIDECAR, Variant.DELTA, List.of(new InboundPort(port, application.port())));
      envoy.awaitListener(port);

      assertThat(TrafficClient.to(port, "anything").send(100).versions()).containsOnlyKeys("own");
      assertThat(mesh.client(Role.SIDECAR).send(100).versions()).containsOnlyKeys("v1");
    }
  }

  @Test
  void aNodeProxyRoutesByHostLikeASidecar() {
    try (TestMesh mesh = new TestMesh("node", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(50, 50));
      mesh.start(Role.NODE);

      Shares.within3Deviations(
          Map.of("v1", 0.5, "v2", 0.5), () -> mesh.client(Role.NODE).send(5_000));
      assertThat(TrafficClient.to(mesh.port(Role.NODE), "nobody.shop").once().status())
          .isEqualTo(404);
    }
  }
}
