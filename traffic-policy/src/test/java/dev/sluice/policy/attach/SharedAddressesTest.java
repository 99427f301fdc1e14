package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.ORDERS;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.problems;
import static dev.sluice.policy.attach.Given.status;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Target.Consul;
import dev.sluice.spec.Target.Kubernetes;
import dev.sluice.spec.TrafficPolicy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Addresses that several backends of a policy have. */
class SharedAddressesTest {
  private static final SourceName PODS = new SourceName("kubernetes", "dc1");
  private static final SourceName VMS = new SourceName("consul", "dc1");
  private static final Consul CONSUL = new Consul("dc1", null, null, null, null);
  private static final Kubernetes CLUSTER = new Kubernetes("dc1", null, null, null);

  @Test
  void anAddressThatAClusterAndConsulHaveCountsForTheFirstBackendAndIsTold() {
    PolicyIndex index =
        index(
            policy("a", "orders")
                .kubernetes("pods", CLUSTER, null, null)
                .consul("vms", CONSUL)
                .write(),
            endpoint("10.0.0.1", PODS, Health.HEALTHY),
            endpoint("10.0.0.2", PODS, Health.HEALTHY),
            endpoint("10.0.0.1", VMS, Health.HEALTHY),
            endpoint("10.0.0.2", VMS, Health.DRAINING),
            endpoint("10.0.0.3", VMS, Health.HEALTHY),
            endpoint("10.0.0.4", PODS, Health.DRAINING),
            endpoint("10.0.0.4", VMS, Health.HEALTHY));

    assertThat(members(index))
        .containsExactlyInAnyOrder(
            "pods 10.0.0.1:9000 kubernetes/dc1",
            "pods 10.0.0.2:9000 kubernetes/dc1",
            "vms 10.0.0.3:9000 consul/dc1",
            "vms 10.0.0.4:9000 consul/dc1");
    assertThat(status(index, "a").reason()).isEqualTo(Reason.ACCEPTED);
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.target.backends[1]: warning: backend \"vms\" has 10.0.0.1:9000 that"
                + " backend \"pods\" has too; each counts once, for \"pods\"");
  }

  @Test
  void anAddressThatIsWrittenIsToldBesideThatOfASource() {
    PolicyIndex index =
        index(
            policy("a", "orders")
                .backend("written", "10.0.0.1:9000")
                .consul("vms", CONSUL)
                .backend("again", "10.0.0.3:9000")
                .write(),
            endpoint("10.0.0.1", VMS, Health.HEALTHY),
            endpoint("10.0.0.3", VMS, Health.HEALTHY));

    assertThat(members(index))
        .containsExactly("written 10.0.0.1:9000 null", "vms 10.0.0.3:9000 consul/dc1");
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.target.backends[1]: warning: backend \"vms\" has 10.0.0.1:9000 that"
                + " backend \"written\" has too; each counts once, for \"written\"",
            "a.yaml:1:1 $.spec.target.backends[2]: warning: backend \"again\" has 10.0.0.3:9000"
                + " that backend \"vms\" has too; each counts once, for \"vms\"");
  }

  @Test
  void anUnreadyInstanceGivesWayToOneOfALaterBackendInSilence() {
    PolicyIndex index =
        index(
            policy("a", "orders")
                .kubernetes("pods", CLUSTER, null, null)
                .consul("vms", CONSUL)
                .write(),
            endpoint("10.0.0.1", PODS, Health.UNHEALTHY),
            endpoint("10.0.0.2", PODS, Health.HEALTHY),
            endpoint("10.0.0.1", VMS, Health.HEALTHY),
            endpoint("10.0.0.2", VMS, Health.UNHEALTHY));

    assertThat(members(index))
        .containsExactly("pods 10.0.0.2:9000 kubernetes/dc1", "vms 10.0.0.1:9000 consul/dc1");
    assertThat(problems(index, "a")).isEmpty();
  }

  @Test
  void addressesThatAreWrittenTwiceWereToldOfWhenTheDocumentWasRead() {
    PolicyIndex index =
        index(
            policy("a", "orders")
                .backend("one", "10.0.0.1:80", "10.0.0.2:80")
                .backend("two", "10.0.0.1:80", "10.0.0.3:80")
                .write());

    assertThat(members(index))
        .containsExactly("one 10.0.0.1:80 null", "one 10.0.0.2:80 null", "two 10.0.0.3:80 null");
    assertThat(problems(index, "a")).isEmpty();
  }

  private static Endpoint endpoint(String address, SourceName source, Health health) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 9000)),
        new TreeMap<>(),
        1,
        Locality.UNKNOWN,
        health,
        source);
  }

  private static PolicyIndex index(TrafficPolicy policy, Endpoint... endpoints) {
    Service service =
        new Service(ORDERS, List.of(new ServicePort("http", 80, null)), List.of(endpoints));
    return PolicyIndex.of(Documents.of(List.of(policy)), Catalog.of(List.of(service)));
  }

  private static List<String> members(PolicyIndex index) {
    return only(index).backends().stream()
        .flatMap(
            backend ->
                backend.members().stream()
                    .map(it -> backend.name() + " " + it.address() + " " + it.source()))
        .toList();
  }
}
