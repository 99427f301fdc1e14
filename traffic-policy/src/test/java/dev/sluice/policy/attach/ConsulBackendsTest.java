package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.ORDERS;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.problems;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.Given.status;
import static dev.sluice.policy.attach.Given.withEndpoint;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.ConsulTags;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Target.Consul;
import dev.sluice.spec.TrafficPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code target.backends[].consul}: which instances of which data centre a policy means. */
class ConsulBackendsTest {
  private static final SourceName DC1 = new SourceName("consul", "dc1");
  private static final SourceName DC2 = new SourceName("consul", "dc2");
  private static final SourceName CLUSTER = new SourceName("kubernetes", "dc1");
  private static final Service BOTH =
      of(
          ORDERS,
          endpoint("10.1.0.1", DC1, "prod", "version=v1"),
          endpoint("10.1.0.2", DC1, "version=v2"),
          endpoint("10.2.0.1", DC2, "prod"),
          endpoint("10.3.0.1", CLUSTER, "prod"));

  @Test
  void aBackendIsOneDataCentresInstancesOfThePolicysService() {
    PolicyIndex index = index(consul("dc1", null, null, null, null), BOTH);

    assertThat(addresses(index)).containsExactly("10.1.0.1:9000", "10.1.0.2:9000");
    assertThat(only(index).backends().getFirst().members().getFirst().source()).isEqualTo(DC1);
    assertThat(status(index, "a").reason()).isEqualTo(Reason.ACCEPTED);
  }

  @Test
  void withoutADataCentreItIsThoseOfAllOfThemAndOfNoOtherSource() {
    assertThat(addresses(index(consul(null, null, null, null, null), BOTH)))
        .containsExactly("10.1.0.1:9000", "10.1.0.2:9000", "10.2.0.1:9000");
  }

  @Test
  void aTagLeavesThoseThatCarryIt() {
    assertThat(addresses(index(consul(null, null, null, "prod", null), BOTH)))
        .containsExactly("10.1.0.1:9000", "10.2.0.1:9000");
    assertThat(addresses(index(consul("dc1", null, null, "version=v2", null), BOTH)))
        .containsExactly("10.1.0.2:9000");
  }

  @Test
  void anotherServiceOfAnotherNamespaceMayBeABackendAtThePortThatIsNamed() {
    ServiceId legacy = new ServiceId("Orders_Old", "machines");
    Service other =
        new Service(
            legacy,
            List.of(new ServicePort("http", 8080, null), new ServicePort("admin", 8081, null)),
            List.of(
                new Endpoint(
                    "10.4.0.1",
                    new TreeMap<>(Map.of("http", 18080, "admin", 18081)),
                    new TreeMap<>(),
                    1,
                    Locality.UNKNOWN,
                    Health.HEALTHY,
                    DC1)));
    Service own = service("orders", 80);

    for (String port : List.of("admin", "8081")) {
      assertThat(addresses(index(consul("dc1", "machines", "Orders_Old", null, port), own, other)))
          .containsExactly("10.4.0.1:18081");
    }
    assertThat(
            problems(index(consul("dc1", "machines", "Orders_Old", null, null), own, other), "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.target.backends[0].consul.port: warning: Orders_Old.machines has no"
                + " such port in data centre dc1 (ports: 8080 http, 8081 admin); name one of them,"
                + " or its number in quotes");
  }

  @Test
  void whatIsNotFoundIsToldWithWhereElseItIs() {
    PolicyIndex index =
        index(
            policy("a", "orders")
                .consul("far", new Consul("dc3", null, null, null, null))
                .consul("tagged", new Consul("dc2", null, null, "version=v1", null))
                .consul("typo", new Consul(null, null, null, "prd", null))
                .consul("none", new Consul(null, null, "nobody", null, null))
                .write(),
            BOTH);

    assertThat(status(index, "a").reason()).isEqualTo(Reason.UNKNOWN_BACKEND);
    assertThat(problems(index, "a"))
        .containsExactlyInAnyOrder(
            "a.yaml:1:1 $.spec.target.backends[0].consul: warning: no instance of orders.shop is"
                + " known in data centre dc3, but in dc1, dc2; the backend counts once one is",
            "a.yaml:1:1 $.spec.target.backends[1].consul.tag: warning: none of the instances of"
                + " orders.shop that are known in data centre dc2 has the tag \"version=v1\", but in"
                + " dc1; the backend counts once one has",
            "a.yaml:1:1 $.spec.target.backends[2].consul.tag: warning: none of the instances of"
                + " orders.shop that are known in any data centre has the tag \"prd\"; the backend"
                + " counts once one has",
            "a.yaml:1:1 $.spec.target.backends[3].consul: warning: no instance of nobody.shop is"
                + " known in any data centre; the backend counts once one is");
    assertThat(addresses(index)).isEmpty();
  }

  @Test
  void aServiceThatConsulHasUnderAnotherNamespaceIsNamed() {
    TrafficPolicy wanting = consul("dc1", null, null, null, null);
    Service here = of(ORDERS, endpoint("10.3.0.1", CLUSTER, "prod"));
    Service there =
        of(new ServiceId("orders", "vms"), endpoint("10.1.0.1", DC1), endpoint("10.2.0.1", DC2));
    Service pods = of(new ServiceId("orders", "pods"), endpoint("10.3.0.2", CLUSTER));
    String told =
        "a.yaml:1:1 $.spec.target.backends[0].consul: warning: no instance of orders.shop is known"
            + " in data centre dc1, but of orders.vms in dc1, dc2: write that namespace if it is"
            + " meant; the backend counts once one is";

    assertThat(problems(index(wanting, here, there, pods), "a")).containsExactly(told);

    Documents documents = Documents.of(List.of(wanting));
    Catalog before = Catalog.of(List.of(here, pods));
    Catalog after = before.with(there);
    PolicyIndex index =
        Steps.step(PolicyIndex.of(documents, before), documents, documents, before, after);
    assertThat(problems(index, "a")).as("also of what comes later").containsExactly(told);
    assertThat(index).isEqualTo(PolicyIndex.of(documents, after));
  }

  @Test
  void instancesThatComeInConsulChangeThePolicy() {
    Documents documents = Documents.of(List.of(consul("dc1", null, "stock", null, null)));
    Catalog before = Catalog.of(List.of(service("orders", 80), service("stock", 80)));
    PolicyIndex index = PolicyIndex.of(documents, before);
    assertThat(status(index, "a").reason()).isEqualTo(Reason.UNKNOWN_BACKEND);

    Catalog after = before.with(withEndpoint(service("stock", 80), "10.1.0.9", DC1));
    PolicyIndex next = Steps.step(index, documents, documents, before, after);

    assertThat(next.changed()).containsExactly(ORDERS);
    assertThat(addresses(next)).containsExactly("10.1.0.9:8080");
    assertThat(status(next, "a").reason()).isEqualTo(Reason.ACCEPTED);
  }

  private static TrafficPolicy consul(
      @Nullable String datacenter,
      @Nullable String namespace,
      @Nullable String service,
      @Nullable String tag,
      @Nullable String port) {
    Consul given = new Consul(datacenter, namespace, service, tag, port);
    return policy("a", "orders").consul("vms", given).write();
  }

  private static Service of(ServiceId id, Endpoint... endpoints) {
    return new Service(id, List.of(new ServicePort("http", 80, null)), List.of(endpoints));
  }

  private static Endpoint endpoint(String address, SourceName source, String... tags) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 9000)),
        ConsulTags.labels(Arrays.asList(tags), Map.of()),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        source);
  }

  private static PolicyIndex index(TrafficPolicy policy, Service... services) {
    return PolicyIndex.of(Documents.of(List.of(policy)), Catalog.of(List.of(services)));
  }

  private static List<String> addresses(PolicyIndex index) {
    return only(index).backends().stream()
        .flatMap(backend -> backend.members().stream())
        .map(it -> it.address().toString())
        .toList();
  }
}
