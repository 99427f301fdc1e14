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
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Place;
import dev.sluice.spec.Target.Kubernetes;
import dev.sluice.spec.TrafficPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code target.backends[].kubernetes}: which instances of which cluster a policy means. */
class BackendsTest {
  private static final SourceName DC1 = new SourceName("kubernetes", "dc1");
  private static final SourceName DC2 = new SourceName("kubernetes", "dc2");
  private static final Service BOTH =
      withEndpoint(withEndpoint(service("orders", 80), "10.1.0.1", DC1), "10.2.0.1", DC2);

  @Test
  void aBackendIsOneClustersInstancesOfThePolicysService() {
    PolicyIndex index =
        index(policy("a", "orders").kubernetes("near", "dc1", null, 3).write(), BOTH);

    assertThat(members(index)).containsExactly("10.1.0.1:8080 weight 1 north/a kubernetes/dc1");
    assertThat(status(index, "a").reason()).isEqualTo(Reason.ACCEPTED);
  }

  @Test
  void withoutAClusterItIsThoseOfAllClustersAndOfNoOtherSource() {
    Service service = withEndpoint(BOTH, "10.3.0.1", new SourceName("file", "files"));

    PolicyIndex index =
        index(policy("a", "orders").kubernetes("pods", null, null, 1).write(), service);

    assertThat(members(index))
        .containsExactly(
            "10.1.0.1:8080 weight 1 north/a kubernetes/dc1",
            "10.2.0.1:8080 weight 1 north/a kubernetes/dc2");
  }

  @Test
  void whatTheBackendSaysOfItsLocalityGoesOverWhatTheClusterSays() {
    Kubernetes far = new Kubernetes("dc2", null, null, null);
    PolicyIndex index =
        index(
            policy("a", "orders")
                .kubernetes("near", "dc1", null, 1)
                .kubernetes("far", far, 0, null)
                .kubernetes("other", far, 1, new Place("south", null))
                .write(),
            BOTH);

    assertThat(members(index))
        .containsExactly(
            "10.1.0.1:8080 weight 1 north/a kubernetes/dc1",
            "10.2.0.1:8080 weight 1 south/a kubernetes/dc2");
  }

  @Test
  void anotherServiceMayBeABackendAtThePortOfItsThatIsNamed() {
    Service stock = withEndpoint(service("stock", 81, 82), "10.1.0.9", DC1);
    PolicyIndex index =
        index(
            policy("a", "orders")
                .kubernetes("one", new Kubernetes("dc1", null, "stock", "p82"), 1, null)
                .kubernetes("other", new Kubernetes("dc1", null, "stock", "81"), 1, null)
                .write(),
            service("orders", 80),
            stock);

    assertThat(members(index))
        .containsExactly(
            "10.1.0.9:8081 weight 1 north/a kubernetes/dc1",
            "10.1.0.9:8080 weight 1 north/a kubernetes/dc1");
  }

  @Test
  void aWeightIsTheBackendsShareAsSoonAsOneOfThemGivesOne() {
    PolicyText given = policy("a", "orders").kubernetes("near", "dc1", null, null);

    assertThat(shares(given.kubernetes("far", "dc2", null, null).write()))
        .containsExactly("near OptionalInt.empty", "far OptionalInt.empty");
    assertThat(
            shares(
                policy("a", "orders")
                    .kubernetes("near", "dc1", null, null)
                    .kubernetes("far", "dc2", null, 3)
                    .write()))
        .containsExactly("near OptionalInt[1]", "far OptionalInt[3]");
  }

  private static List<String> shares(TrafficPolicy policy) {
    return only(index(policy, BOTH)).backends().stream()
        .map(it -> it.name() + " " + it.share())
        .toList();
  }

  @Test
  void aPortThatThereIsNotAndAServiceWithoutInstancesAreTold() {
    PolicyIndex index =
        index(
            policy("a", "orders")
                .kubernetes("near", new Kubernetes("dc1", null, null, "http"), 1, null)
                .kubernetes("far", "dc3", null, 1)
                .kubernetes("none", null, "nobody", 1)
                .write(),
            BOTH);

    assertThat(status(index, "a").reason()).isEqualTo(Reason.UNKNOWN_BACKEND);
    assertThat(status(index, "a").state()).isEqualTo(State.PARTLY_APPLIED);
    assertThat(problems(index, "a"))
        .containsExactlyInAnyOrder(
            "a.yaml:1:1 $.spec.target.backends[0].kubernetes.port: warning: orders.shop has no such"
                + " port in cluster dc1 (ports: 80 p80); name one of them, or its number in quotes",
            "a.yaml:1:1 $.spec.target.backends[1].kubernetes: warning: no instance of orders.shop is"
                + " known in cluster dc3, but in dc1, dc2; the backend counts once one is",
            "a.yaml:1:1 $.spec.target.backends[2].kubernetes: warning: no instance of nobody.shop is"
                + " known in any cluster; the backend counts once one is");
    assertThat(members(index)).isEmpty();
  }

  @Test
  void clustersThatDifferInTheirPortsAreToldApart() {
    // As two clusters' views are united: the second's "http" has another number.
    Service united =
        new Service(
            ORDERS,
            List.of(new ServicePort("http", 80, null), new ServicePort("http-8080", 8080, null)),
            List.of(endpoint("10.1.0.1", "http", DC1), endpoint("10.2.0.1", "http-8080", DC2)));

    PolicyIndex index =
        index(
            policy("a", "orders")
                .port(80)
                .kubernetes("near", new Kubernetes("dc1", "shop", null, "http"), 1, null)
                .kubernetes("far", new Kubernetes("dc2", "shop", null, "http"), 1, null)
                .kubernetes("only", "dc2", null, 1)
                .write(),
            united);

    assertThat(status(index, "a").reason()).isEqualTo(Reason.ACCEPTED);
    assertThat(index.policies(ORDERS).getFirst().backends())
        .flatExtracting(EffectiveBackend::members)
        .extracting(it -> it.address().toString())
        .containsExactly("10.1.0.1:9000", "10.2.0.1:9000");
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.target.backends[2]: warning: backend \"only\" has 10.2.0.1:9000 that"
                + " backend \"far\" has too; each counts once, for \"far\"");
  }

  @Test
  void aServiceThatStandsForANameHasNoInstances() {
    Service named =
        new Service(
            new ServiceId("away", "shop"),
            List.of(new ServicePort("", 80, null)),
            List.of(),
            Optional.of("away.example.com"));

    PolicyIndex index =
        index(
            policy("a", "orders").kubernetes("away", null, "away", 1).write(),
            service("orders", 80),
            named);

    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.target.backends[0].kubernetes: warning: away.shop stands for a DNS"
                + " name and has no instances; name another service");
  }

  private static Endpoint endpoint(String address, String port, SourceName source) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of(port, 9000)),
        new TreeMap<>(),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        source);
  }

  @Test
  void whoeverIsABackendChangesThePolicyByItsInstances() {
    Documents documents =
        Documents.of(List.of(policy("a", "orders").kubernetes("s", "dc1", "stock", 1).write()));
    Catalog before = Catalog.of(List.of(service("orders", 80), service("stock", 80)));
    PolicyIndex index = PolicyIndex.of(documents, before);
    assertThat(status(index, "a").reason()).isEqualTo(Reason.UNKNOWN_BACKEND);

    Catalog after = before.with(withEndpoint(service("stock", 80), "10.1.0.9", DC1));
    PolicyIndex next = Steps.step(index, documents, documents, before, after);

    assertThat(next.changed()).containsExactly(ORDERS);
    assertThat(members(next)).containsExactly("10.1.0.9:8080 weight 1 north/a kubernetes/dc1");
    assertThat(status(next, "a").reason()).isEqualTo(Reason.ACCEPTED);
  }

  private static PolicyIndex index(TrafficPolicy policy, Service... services) {
    return PolicyIndex.of(Documents.of(List.of(policy)), Catalog.of(List.of(services)));
  }

  private static List<String> members(PolicyIndex index) {
    return only(index).backends().stream()
        .flatMap(backend -> backend.members().stream())
        .map(
            it ->
                "%s weight %d %s %s"
                    .formatted(it.address(), it.weight(), text(it.locality()), it.source()))
        .toList();
  }

  private static String text(Locality locality) {
    return locality.region() + "/" + locality.zone();
  }
}
