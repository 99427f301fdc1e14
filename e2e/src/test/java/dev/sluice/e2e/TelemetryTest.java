package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What proxies tell of the calls to a service. */
@NeedsEnvoy
class TelemetryTest {
  @TempDir Path folder;

  @Test
  void statisticsHaveTheNameThatThePolicyGives() {
    try (TestMesh mesh = new TestMesh("statistics", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(
          Documents.split(100, 0)
              + """
              telemetry: {statPrefix: our-orders, samplePercent: 5}
              routes:
                - name: testers
                  match: [{path: {prefix: /testers}}]
                  to: {version: v2}
              """);
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);

      assertThat(client.send(30).failures()).isEmpty();
      assertThat(client.at("/testers").send(20).failures()).isEmpty();

      assertThat(envoy.stat("cluster\\.our-orders\\|v1\\.upstream_rq_total")).isEqualTo(30);
      assertThat(envoy.stat("cluster\\.our-orders\\|v2\\.upstream_rq_total")).isEqualTo(20);
      assertThat(envoy.stats("cluster\\.orders\\.shop.*")).isEmpty();
    }
  }
}
