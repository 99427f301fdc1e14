package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.ORDERS;
import static dev.sluice.policy.attach.Given.gateway;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.Given.status;
import static dev.sluice.policy.attach.Given.withEndpoint;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.spec.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IncrementalTest {
  private static final ServiceId USERS = new ServiceId("users", "shop");

  private final Catalog catalog = Catalog.of(List.of(service("orders", 80), service("users", 80)));
  private final Documents none = Documents.EMPTY;

  @Test
  void aChangeOfEndpointsAloneChangesNoPolicyAndSharesEveryOther() {
    Documents documents = none.with(policy("a", "orders").attempts(5).write());
    PolicyIndex before = PolicyIndex.of(documents, catalog);

    Catalog after = catalog.with(withEndpoint(service("orders", 80), "10.0.0.1"));
    PolicyIndex index = Steps.step(before, documents, documents, catalog, after);

    assertThat(index.changed()).isEmpty();
    assertThat(index.policies(ORDERS)).isSameAs(before.policies(ORDERS));
    assertThat(index.services()).containsEntry(ORDERS, after.service(ORDERS).orElseThrow());
    assertThat(index).isEqualTo(PolicyIndex.of(documents, after));
  }

  @Test
  void aServiceThatIsFoundInAnotherWayIsJudgedAnew() {
    Documents documents =
        none.with(
            policy("a", "orders").versions("v1", "v2").split(Map.of("v1", 95, "v2", 5)).write());
    Service byAddress = service("orders", 80);
    Catalog addresses = catalog.with(byAddress);
    Catalog named =
        catalog.with(
            new Service(ORDERS, byAddress.ports(), List.of(), Optional.of("orders.example.com")));
    PolicyIndex ofAddresses = PolicyIndex.of(documents, addresses);
    PolicyIndex ofName = PolicyIndex.of(documents, named);

    assertThat(ofName).isNotEqualTo(ofAddresses);
    assertThat(Steps.step(ofName, documents, documents, named, addresses)).isEqualTo(ofAddresses);
    assertThat(Steps.step(ofAddresses, documents, documents, addresses, named)).isEqualTo(ofName);
  }

  @Test
  void aPolicysChangeChangesItsServiceAlone() {
    PolicyIndex before = PolicyIndex.of(none, catalog);

    Documents documents = none.with(policy("a", "orders").attempts(5).write());
    PolicyIndex index = Steps.step(before, none, documents, catalog, catalog);

    assertThat(index.changed()).containsExactly(ORDERS);
    assertThat(index.policies(USERS)).isSameAs(before.policies(USERS));
    assertThat(Steps.step(index, documents, none, catalog, catalog)).isEqualTo(before);
  }

  @Test
  void aNamespacesPolicyChangesItsServicesAlone() {
    Catalog two =
        catalog.with(
            new Service(new ServiceId("card", "pay"), service("x", 80).ports(), List.of()));
    PolicyIndex before = PolicyIndex.of(none, two);

    Documents documents = none.with(policy("all", "*").attempts(5).write());
    PolicyIndex index = Steps.step(before, none, documents, two, two);

    assertThat(index.changed()).containsExactly(ORDERS, USERS);
  }

  @Test
  void aPendingPolicyIsAppliedWhenItsServiceAppearsAndPendsAgainWhenItGoes() {
    Documents documents = none.with(policy("a", "orders").attempts(5).write());
    Catalog without = catalog.without(ORDERS);
    PolicyIndex absent = PolicyIndex.of(documents, without);

    PolicyIndex present = Steps.step(absent, documents, documents, without, catalog);
    assertThat(present.changed()).containsExactly(ORDERS);
    assertThat(status(present, "a").state()).isEqualTo(State.APPLIED);

    PolicyIndex gone = Steps.step(present, documents, documents, catalog, without);
    assertThat(gone.changed()).containsExactly(ORDERS);
    assertThat(gone).isEqualTo(absent);
  }

  @Test
  void removingTheWinnerLetsTheLoserInEvenAcrossServices() {
    Documents both =
        none.with(gateway("public"))
            .with(policy("a", "orders").attach(null, "public", "a.example.com").write())
            .with(policy("b", "users").attach(null, "public", "a.example.com").write());
    PolicyIndex before = PolicyIndex.of(both, catalog);
    assertThat(before.policies(USERS).getFirst().gateways()).isEmpty();

    Documents one = both.without(policy("a", "orders").write().key());
    PolicyIndex index = Steps.step(before, both, one, catalog, catalog);

    assertThat(index.changed()).containsExactly(ORDERS, USERS);
    assertThat(index.policies(USERS).getFirst().gateways()).hasSize(1);
    assertThat(index.gatewaysChanged()).isFalse();
  }

  @Test
  void aGatewaysArrivalExposesTheServicesThatAskForIt() {
    Documents documents =
        none.with(policy("a", "orders").attach(null, "public", "a.example.com").write());
    PolicyIndex before = PolicyIndex.of(documents, catalog);

    Documents with = documents.with(gateway("public"));
    PolicyIndex index = Steps.step(before, documents, with, catalog, catalog);

    assertThat(index.gatewaysChanged()).isTrue();
    assertThat(index.changed()).containsExactly(ORDERS);
    assertThat(index).isEqualTo(PolicyIndex.of(with, catalog));
  }

  @Test
  void amongTenThousandServicesAllButTheChangedAreShared() {
    List<Service> services = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      services.add(service("s" + i, 80));
    }
    Catalog large = Catalog.of(services);
    PolicyIndex before = PolicyIndex.of(none, large);

    Catalog after = large.with(service("s77", 81));
    PolicyIndex index = Steps.step(before, none, none, large, after);

    assertThat(index.changed()).containsExactly(new ServiceId("s77", "shop"));
    for (ServiceId id : large.services().keySet()) {
      if (!index.changed().contains(id)) {
        assertThat(index.policies(id)).isSameAs(before.policies(id));
      }
    }
  }
}
