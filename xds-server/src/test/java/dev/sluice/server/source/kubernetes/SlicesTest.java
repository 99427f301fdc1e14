package dev.sluice.server.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Health;
import dev.sluice.server.source.kubernetes.SliceFacts.Instance;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicesTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                              | HEALTHY",
        "{ready: true, serving: true}                    | HEALTHY",
        "{ready: false, serving: false}                  | UNHEALTHY",
        "{ready: false, serving: true, terminating: true}  | DRAINING",
        "{ready: false, serving: false, terminating: true} | UNHEALTHY",
        "{ready: true, serving: true, terminating: true} | DRAINING",
        "{ready: false, terminating: true}               | UNHEALTHY",
        "{terminating: true}                             | DRAINING"
      })
  void conditionsAreHealth(String conditions, Health health) {
    assertThat(instance("addresses: [10.0.0.1], conditions: " + conditions).health())
        .isEqualTo(health);
  }

  @Test
  void aHintOfOneZoneCountsBeforeTheZoneWhereItRuns() {
    String instance = "addresses: [10.0.0.1], zone: a, hints: {forZones: [%s]}";

    assertThat(instance(instance.formatted("{name: b}")).zone()).isEqualTo("b");
    assertThat(instance(instance.formatted("{name: b}, {name: c}")).zone()).isEqualTo("a");
    assertThat(instance("addresses: [10.0.0.1], zone: a").zone()).isEqualTo("a");
  }

  @Test
  void aTargetThatIsAPodIsKept() {
    String instance = "addresses: [10.0.0.1], nodeName: node-1, targetRef: {kind: %s, name: one}";

    assertThat(instance(instance.formatted("Pod")))
        .isEqualTo(new Instance("10.0.0.1", Health.HEALTHY, "one", "node-1", null));
    assertThat(instance(instance.formatted("VirtualMachine")).pod()).isNull();
  }

  @Test
  void portsOfTcpAreKeptByTheirNames() {
    SliceFacts facts =
        read(
            "IPv4",
            "{kubernetes.io/service-name: orders}",
            "[{port: 1}, {name: web, port: 2, protocol: TCP}, {name: dns, port: 3, protocol: UDP},"
                + " {name: none}]",
            "addresses: [10.0.0.1]");

    assertThat(facts.ports()).isEqualTo(Map.of("", 1, "web", 2));
    assertThat(facts.owner()).contains("uid-1");
  }

  @Test
  void whatIsOfNoServiceOrHasNoAddressesDoesNotCount() {
    String instance = "addresses: [10.0.0.1]";
    String named = "{kubernetes.io/service-name: orders}";

    assertThat(Slices.read(slice("IPv4", "{}", "[]", instance))).isEmpty();
    assertThat(Slices.read(slice("FQDN", named, "[]", "addresses: [example.com]"))).isEmpty();
    assertThat(read("IPv4", named, "[]", "addresses: []").instances()).isEmpty();
  }

  private static Instance instance(String text) {
    return read("IPv4", "{kubernetes.io/service-name: orders}", "[]", text).instances().getFirst();
  }

  private static SliceFacts read(String type, String labels, String ports, String endpoint) {
    return Slices.read(slice(type, labels, ports, endpoint)).orElseThrow();
  }

  private static EndpointSlice slice(String type, String labels, String ports, String endpoint) {
    return YAML.unmarshal(
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: orders-1
          namespace: shop
          labels: %s
          ownerReferences: [{apiVersion: v1, kind: Service, name: orders, uid: uid-1}]
        addressType: %s
        ports: %s
        endpoints: [{%s}]
        """
            .formatted(labels, type, ports, endpoint),
        EndpointSlice.class);
  }
}
