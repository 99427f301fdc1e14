package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.Document;
import dev.sluice.spec.NamedServices;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The services that documents name, as people write these. */
class NamedServicesTest {
  private static List<String> named(String yaml) {
    Document document = ParsedDocuments.documents(yaml).getFirst();
    return NamedServices.of(document).stream().map(ServiceId::toString).sorted().toList();
  }

  @Test
  void aPolicyNamesWhatItIsAboutItsBackendsAndItsMirrors() {
    assertThat(
            named(
                """
                apiVersion: sluice.dev/v1
                kind: TrafficPolicy
                metadata: {name: orders, namespace: shop}
                spec:
                  target:
                    service: orders
                    backends:
                      - {name: pods, kubernetes: {namespace: new, service: orders-pods}}
                      - {name: machines, consul: {service: orders-machines}}
                      - {name: others, consul: {namespace: old}}
                      - {name: fixed, static: ["192.0.2.1:80"]}
                  mirror: {service: shadow.dark, percent: 1}
                  routes:
                    - name: api
                      match: [{path: {prefix: /api}}]
                      mirror: {service: api-shadow, percent: 1}
                """))
        .containsExactly(
            "api-shadow.shop",
            "orders-machines.shop",
            "orders-pods.new",
            "orders.old",
            "orders.shop",
            "shadow.dark");
  }

  @Test
  void aPolicyOfAnotherNamespaceNamesTheServiceThere() {
    assertThat(
            named(
                """
                apiVersion: sluice.dev/v1
                kind: TrafficPolicy
                metadata: {name: orders, namespace: front}
                spec: {target: {service: orders.shop}}
                """))
        .containsExactly("orders.shop");
  }

  @Test
  void aPolicyForEveryServiceNamesNone() {
    assertThat(
            named(
                """
                apiVersion: sluice.dev/v1
                kind: TrafficPolicy
                metadata: {name: all, namespace: shop}
                spec:
                  target: {service: "*"}
                  timeouts: {request: 3s}
                """))
        .isEmpty();
  }

  @Test
  void aGatewayNamesWhomItsProxiesCallForThemselves() {
    assertThat(
            named(
                """
                apiVersion: sluice.dev/v1
                kind: Gateway
                metadata: {name: public, namespace: shop}
                spec:
                  proxies: {selector: {app: edge}}
                  listeners: [{name: http, port: 8080, protocol: HTTP}]
                  authz: {http: {service: login.security, port: 80}}
                  rateLimitService: {service: limits, port: 8081}
                  accessLog: {otlp: {service: logs, port: 4317}, grpc: {service: als, port: 9000}}
                  tracing: {otlp: {service: traces, port: 4317}}
                """))
        .containsExactly("als.shop", "limits.shop", "login.security", "logs.shop", "traces.shop");
    assertThat(
            named(
                """
                apiVersion: sluice.dev/v1
                kind: Gateway
                metadata: {name: public, namespace: shop}
                spec:
                  proxies: {selector: {app: edge}}
                  listeners: [{name: http, port: 8080, protocol: HTTP}]
                  authz: {grpc: {service: login, port: 80}}
                """))
        .containsExactly("login.shop");
  }
}
