package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The harness itself, against an Envoy with a configuration of its own. */
@NeedsEnvoy
class HarnessTest {
  private final TestBackend v1 = TestBackend.start("v1", "a");
  private final TestBackend v2 = TestBackend.start("v2", "b");
  private final int port = Ports.free();

  @AfterEach
  void stop() {
    v1.close();
    v2.close();
  }

  @Test
  void aSplitOfAStaticEnvoyIsSeenInTheVersionsThatAnswer() {
    try (EnvoyProcess envoy = EnvoyProcess.start("harness-split", bootstrap("")).awaitLive()) {
      TrafficClient client = TrafficClient.to(port, "orders.shop");

      Shares.within3Deviations(Map.of("v1", 0.9, "v2", 0.1), () -> client.send(20_000));

      assertThat(envoy.stat("cluster\\.v1\\.upstream_rq_total")).isEqualTo(v1.requests());
    }
  }

  @Test
  void trafficThatGoesOnIsCountedToTheLastRequest() {
    try (EnvoyProcess envoy = EnvoyProcess.start("harness-traffic", bootstrap("")).awaitLive();
        ContinuousTraffic traffic =
            TrafficClient.to(port, "orders.shop").keepSending(2, Duration.ofMillis(1))) {
      traffic.await(50);
      v1.answerWith(503);
      v2.reset();
      traffic.await(50);
      TrafficReport report = traffic.stop();

      assertThat(report.count()).isEqualTo(v1.requests() + v2.requests());
      assertThat(report.statuses()).containsKeys(200, 503);
      assertThat(envoy.stat("cluster\\.v2\\.upstream_cx_destroy_remote_with_active_rq"))
          .isPositive();
    }
  }

  @Test
  void aHeldRequestIsAnsweredWhenItIsLetGo() throws Exception {
    try (EnvoyProcess envoy = EnvoyProcess.start("harness-held", bootstrap("")).awaitLive();
        ContinuousTraffic traffic =
            TrafficClient.to(port, "orders.shop").keepSending(1, Duration.ZERO)) {
      v1.hold();
      v2.hold();
      envoy.awaitTrue("a held request", () -> envoy.stat("cluster\\.v.\\.upstream_rq_active") == 1);
      v1.answerWith(200);
      v2.answerWith(200);

      assertThat(traffic.await(10).failures()).isEmpty();
    }
  }

  @Test
  void aDeprecatedFieldIsAComplaint() {
    EnvoyProcess envoy =
        EnvoyProcess.start("harness-deprecated", bootstrap("http2_protocol_options: {}"));

    assertThatThrownBy(envoy::close).hasMessageContaining("Deprecated field");
  }

  @Test
  void validationTellsWhatEnvoyRefuses() {
    assertThat(EnvoyProcess.validate("harness-valid", bootstrap(""))).isEmpty();
    assertThat(EnvoyProcess.validate("harness-invalid", bootstrap("lb_policy: RING_OF_FIRE")))
        .get()
        .asString()
        .contains("RING_OF_FIRE");
  }

  private String bootstrap(String clusterField) {
    return """
        static_resources:
          listeners:
          - name: in
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - filters:
              - name: envoy.filters.network.http_connection_manager
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: in
                  http_filters:
                  - name: envoy.filters.http.router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        route: {weighted_clusters: {clusters: [{name: v1, weight: 90}, {name: v2, weight: 10}]}}
          clusters:
        """
            .formatted(port)
        + cluster("v1", v1.port(), clusterField)
        + cluster("v2", v2.port(), clusterField);
  }

  private static String cluster(String name, int port, String field) {
    return """
          - name: %s
            %s
            load_assignment: {cluster_name: %s, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
        """
        .formatted(name, field, name, port)
        .replaceAll("(?m)^ +$\\n", "");
  }
}
