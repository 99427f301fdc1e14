package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.ORDERS;
import static dev.sluice.policy.attach.Given.index;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.problems;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.Given.status;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.spec.StaticAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortsTest {
  @Test
  void severalPortsAskForOneByNumber() {
    PolicyIndex index =
        index(service("orders", 80, 9090), policy("a", "orders").attempts(5).write());

    assertThat(status(index, "a").reason()).isEqualTo(Reason.PORT_REQUIRED);
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.target: orders.shop has several ports (80 p80, 9090 p9090); say by"
                + " target.port which one is meant");
    assertThat(index.policies(ORDERS))
        .extracting(policy -> policy.requests().retry().attempts())
        .containsExactly(2, 2);
  }

  @Test
  void aPortThatTheServiceDoesNotHaveIsNamed() {
    PolicyIndex index = index(service("orders", 80), policy("a", "orders").port(81).write());

    assertThat(status(index, "a").reason()).isEqualTo(Reason.UNKNOWN_PORT);
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.target.port: orders.shop has no port 81 (ports: 80 p80)");
  }

  @Test
  void aPolicyWaitsForItsService() {
    PolicyIndex index = index(service("other", 80), policy("a", "orders").attempts(5).write());

    assertThat(status(index, "a").state()).isEqualTo(State.PENDING);
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.target.service: warning: no source knows orders.shop; the policy is"
                + " applied once one does");
    assertThat(index.policies(ORDERS)).isEmpty();
  }

  @Test
  void aServiceCanExistByAPolicysBackendsAlone() {
    PolicyIndex index =
        index(
            service("other", 80),
            policy("a", "orders").port(8080).backend("vms", "10.0.0.1:9000").write(),
            policy("b", "orders").attempts(5).write());

    Service made = Objects.requireNonNull(index.services().get(ORDERS));
    assertThat(made.ports()).containsExactly(new ServicePort("", 8080, null));
    assertThat(made.endpoints()).isEmpty();
    assertThat(only(index).backends())
        .flatExtracting(EffectiveBackend::members)
        .extracting(EffectiveBackend.Member::address)
        .containsExactly(new StaticAddress("10.0.0.1", 9000));
    assertThat(only(index).requests().retry().attempts()).isEqualTo(5);
    assertThat(status(index, "a").scope()).isEqualTo(Optional.of(new Scope.OfPort(ORDERS, 8080)));
  }

  @Test
  void backendsOfAServiceThatNoSourceKnowsNeedAPort() {
    PolicyIndex index =
        index(service("other", 80), policy("a", "orders").backend("vms", "10.0.0.1:9000").write());

    assertThat(status(index, "a").reason()).isEqualTo(Reason.PORT_REQUIRED);
    assertThat(index.services()).doesNotContainKey(ORDERS);
  }

  @Test
  void aNamespacesPolicyNamesNoPort() {
    PolicyIndex index = index(service("orders", 80), policy("a", "*").port(80).attempts(5).write());

    assertThat(status(index, "a").accepted()).isFalse();
    assertThat(only(index).requests().retry().attempts()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "grpc,GRPC",
    "grpc-api,GRPC",
    "http2,HTTP2",
    "h2c,HTTP2",
    "tcp-db,TCP",
    "http-web,HTTP",
    "web,HTTP",
    "'',HTTP",
    "GRPC-Api,GRPC"
  })
  void thePortsNameTellsTheProtocolWhereNobodySays(String name, Protocol protocol) {
    assertThat(protocol(null, null, name)).isEqualTo(protocol);
    assertThat(protocol(null, Protocol.TCP, name)).isEqualTo(Protocol.TCP);
    assertThat(protocol(Protocol.HTTP2, Protocol.TCP, name)).isEqualTo(Protocol.HTTP2);
  }

  private static Protocol protocol(
      @Nullable Protocol policy, @Nullable Protocol source, String name) {
    Service service = new Service(ORDERS, List.of(new ServicePort(name, 80, source)), List.of());
    PolicyText text = policy("a", "orders");
    return only(policy == null ? index(service) : index(service, text.protocol(policy).write()))
        .protocol();
  }
}
