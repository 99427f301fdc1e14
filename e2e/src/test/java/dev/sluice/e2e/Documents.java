package dev.sluice.e2e;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The documents that the tests write. */
final class Documents {
  private Documents() {}

  /** The service {@code orders} of namespace {@code shop} at port 80, with these instances. */
  static String orders(TestBackend... instances) {
    return orders(Arrays.asList(instances));
  }

  /** The service {@code orders} of namespace {@code shop} at port 80, with these instances. */
  static String orders(List<TestBackend> instances) {
    return service(
        instances.stream().map(it -> instance(it.port(), it.version())).toList(), "http");
  }

  /** The same with instances of a protocol, as {@link #instance} writes them. */
  static String service(List<String> instances, String protocol) {
    return """
    apiVersion: sluice.dev/v1
    kind: StaticService
    metadata: {name: orders, namespace: shop}
    spec:
      ports: [{name: main, port: 80, protocol: %s}]
      endpoints: [%s]
    """
        .formatted(protocol, String.join(", ", instances));
  }

  static String instance(int port, String version) {
    return "{address: 127.0.0.1, port: %d, labels: {version: %s}}".formatted(port, version);
  }

  /** A gateway for {@code orders.example.com}, run by proxies of the service {@code front}. */
  static String gateway(int port) {
    return """
    apiVersion: sluice.dev/v1
    kind: Gateway
    metadata: {name: public, namespace: shop}
    spec:
      proxies: {selector: {app: front}}
      listeners: [{name: http, port: %d, protocol: HTTP, hosts: ["*.example.com"]}]
    """
        .formatted(port);
  }

  /**
   * The policy of {@code orders}, for the mesh and the gateway; the sections are YAML of the spec.
   */
  static String policy(String sections) {
    return policyOf(
        "orders", "attach: {gateways: [{name: public}], hosts: [orders.example.com]}\n" + sections);
  }

  /** The policy of a service of namespace {@code shop}; the sections are YAML of the spec. */
  static String policyOf(String service, String sections) {
    return """
    apiVersion: sluice.dev/v1
    kind: TrafficPolicy
    metadata: {name: %1$s, namespace: shop}
    spec:
      target: {service: %1$s}
    """
            .formatted(service)
        + sections.indent(2);
  }

  /** A policy of {@code orders} with backends, each in YAML. */
  static String withBackends(String policy, String... backends) {
    return policy.replace(
        "target: {service: orders}",
        "target: {service: orders, backends: [" + String.join(", ", backends) + "]}");
  }

  /** The declaration of versions that are told apart by the label {@code version}. */
  static String versions(String... names) {
    return Arrays.stream(names)
        .map(name -> "{name: %s, labels: {version: %s}}".formatted(name, name))
        .collect(Collectors.joining(", ", "versions: [", "]\n"));
  }

  /** Versions v1 and v2 with a split of these weights. */
  static String split(int v1, int v2) {
    return versions("v1", "v2") + "split: {weights: {v1: %d, v2: %d}}\n".formatted(v1, v2);
  }
}
