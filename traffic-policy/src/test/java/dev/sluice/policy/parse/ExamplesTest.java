package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.source.DocumentReader.Reading;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents that use each built section of the specification are free of problems. */
class ExamplesTest {
  static final String HEAD =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
      """;

  static final String CANARY =
      HEAD
          + """
            target: {service: orders}
            versions:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            split:
              weights: {v1: 90, v2: 10}
            retry: {attempts: 3, perTryTimeout: 2s, retryOn: [gateway-error]}
            circuitBreaker:
              maxRequests: 200
              outlier: {consecutiveErrors: 5, ejectFor: 30s}
          """
              .indent(2);

  static final String TESTERS =
      HEAD
          + """
            target: {service: orders}
            versions:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}, overrides: {connectionPool: {maxConnections: 5}}}
            split: {weights: {v1: 100, v2: 0}, onEmpty: {fallback: {version: v1}}}
            routes:
              - name: testers
                match:
                  - {headers: [{name: x-canary, exact: "true"}]}
                  - {cookies: [{name: tester, exact: "1"}]}
                  - {path: {prefix: /beta}, methods: [GET, POST], query: [{name: v, regex: "[0-9]+"}]}
                to: {version: v2}
          """
              .indent(2);

  static final String ROLLOUT =
      HEAD
          + """
            target: {service: orders}
            versions:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            rollout:
              canary:
                from: v1
                to: v2
                steps: [{instances: 1, hold: 1m}, {instances: 50%, approve: manual}, {instances: 100%}]
                analysis:
                  prometheus: https://prometheus.monitoring/base
                  delay: 0s
                  successRate: {min: 99.5, over: 30s}
                  latency: {max: 300ms, percentile: 99.9}
                  queries: [{name: up, query: 'up{v="{{version}}"}', min: 1, max: 1e3}]
                  webhook: {url: "http://checks.shop:8080/canary?of=orders"}
              onSilent: wait
          """
              .indent(2);

  static final String FLIP =
      HEAD
          + """
            target: {service: pay}
            attach: {gateways: [{name: public, namespace: edge}], hosts: [pay.example.com]}
            versions:
              - {name: blue, labels: {slot: blue}}
              - {name: green, labels: {slot: green}}
            rollout:
              blueGreen:
                active: blue
                standby: green
                gate: {minReady: 2, minReadyPercent: 50, stableFor: 0s, timeout: 1s}
                keepStandby: 0s
                preview: {host: next.pay.example.com}
              silentAfter: 1s
          """
              .indent(2);

  static final String PLATFORM =
      HEAD
          + """
            target: {service: user}
            protocol: grpc
            loadBalancer: {type: LeastRequest}
            connectionPool: {connectTimeout: 500ms, maxRequestsPerConnection: 2}
            circuitBreaker:
              outlier: {consecutiveErrors: 3, interval: 10s, ejectFor: 30s, maxEjectPercent: 50}
            timeouts: {request: 9s}
            retry: {attempts: 3, perTryTimeout: 2s, retryOn: [reset, unavailable]}
          """
              .indent(2);

  static final String ENDPOINT_MODE =
      HEAD
          + """
            target:
              service: orders.shop
              port: 80
              backends:
                - {name: vms, static: [10.0.0.1:8080, "[::1]:8080"], weight: 3, locality: {region: dc1}}
            attach: {mesh: false, gateways: [{name: public, namespace: edge}], hosts: [api.example.com]}
            versions:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            loadBalancer: {type: RoundRobin}
            split: {mode: endpoint, weights: {v1: 90, v2: 10}, onEmpty: fail}
          """
              .indent(2);

  static final String EVERY_SERVICE =
      HEAD
          + """
            target: {service: "*"}
            timeouts: {request: 0s}
            retry: {attempts: 0, perTryTimeout: 1h}
          """
              .indent(2);

  static final String GATEWAY =
      """
      apiVersion: sluice.dev/v1
      kind: Gateway
      metadata: {name: public, namespace: edge}
      spec:
        proxies: {selector: {app: front-proxy}}
        listeners:
          - {name: http, port: 8080, protocol: HTTP, hosts: ["*.example.com", api.example.org]}
      """;

  static final String STATIC_SERVICE =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80, protocol: http}, {name: grpc, port: 81}]
        endpoints:
          - {address: 10.0.0.1, ports: {http: 8080, grpc: 8081}, labels: {version: v1}}
          - {address: 10.0.0.1, ports: {http: 9080, grpc: 9081}, labels: {version: "2"}, weight: 2}
          - {address: "2001:db8::1", locality: {region: dc1, zone: a}, healthy: false}
      """;

  static Stream<String> documents() {
    return Stream.of(
        CANARY,
        TESTERS,
        ROLLOUT,
        FLIP,
        PLATFORM,
        ENDPOINT_MODE,
        EVERY_SERVICE,
        GATEWAY,
        STATIC_SERVICE);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void isFreeOfProblems(String document) {
    Reading reading = DocumentParser.reader().read("example.yaml", document);

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.items()).hasSize(1);
    assertThat(reading.items().getFirst().document()).isPresent();
  }
}
