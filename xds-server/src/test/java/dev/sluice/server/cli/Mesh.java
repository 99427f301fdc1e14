package dev.sluice.server.cli;

/** Documents of a small mesh in the namespace shop. */
final class Mesh {
  static final String GATEWAY =
      """
      apiVersion: sluice.dev/v1
      kind: Gateway
      metadata: {name: public, namespace: shop}
      spec:
        proxies: {selector: {app: front-proxy}}
        listeners:
          - {name: http, port: 10080, protocol: HTTP, hosts: ["*.example.com"]}
      """;

  /** A policy that uses every section that is built. */
  static final String FULL =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        attach:
          mesh: true
          gateways: [{name: public}]
          hosts: [orders.example.com]
        versions:
          - {name: v1, labels: {version: v1}}
          - name: v2
            labels: {version: v2}
            overrides: {loadBalancer: {type: Random}, connectionPool: {maxConnections: 5}}
        split: {weights: {v1: 90, v2: 10}, onEmpty: {fallback: {version: v1}}}
        routes:
          - name: testers
            match:
              - {headers: [{name: x-canary, exact: "true"}]}
              - {path: {prefix: /beta}, methods: [GET], query: [{name: v, regex: "[0-9]+"}]}
            to: {version: v2}
        loadBalancer: {type: RoundRobin}
        connectionPool:
          connectTimeout: 500ms
          maxConnections: 100
          maxRequestsPerConnection: 10
          idleTimeout: 5m
          keepalive: {time: 30s, interval: 5s, probes: 3}
        circuitBreaker:
          maxRequests: 200
          maxPending: 50
          maxRetries: 3
          outlier: {consecutiveErrors: 5, gatewayErrors: 3, localErrors: 3, ejectFor: 10s}
        retry:
          attempts: 3
          perTryTimeout: 1s
          retryOn: [connect-failure, reset, gateway-error]
          backoff: {base: 25ms, max: 250ms}
        timeouts: {request: 5s, idle: 1m}
      """;

  private Mesh() {}

  static String service(String name) {
    return """
        apiVersion: sluice.dev/v1
        kind: StaticService
        metadata: {name: %s, namespace: shop}
        spec:
          ports:
            - {name: http, port: 80, protocol: http}
          endpoints:
            - {address: 10.0.0.1, port: 8080, labels: {version: v1}}
            - {address: 10.0.0.2, port: 8080, labels: {version: v2}}
        """
        .formatted(name);
  }

  static String exposed(String service, String host) {
    return """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: %s, namespace: shop}
        spec:
          target: {service: %s}
          attach:
            gateways: [{name: public}]
            hosts: [%s]
        """
        .formatted(service, service, host);
  }
}
