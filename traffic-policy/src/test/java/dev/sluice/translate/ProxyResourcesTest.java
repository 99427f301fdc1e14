package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Protocol;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.GatewayHosts;
import dev.sluice.problem.Location;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.Gateway.ListenerProtocol;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Origin;
import dev.sluice.translate.GatewayPorts.GatewayPort;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProxyResourcesTest {
  private static final Gateway GATEWAY =
      new Gateway(
          Metadata.of("public", "edge"),
          new Gateway.Spec(
              new Gateway.Proxies(new TreeMap<>(Map.of("app", "front"))),
              List.of(new Gateway.Listener("http", 8080, ListenerProtocol.HTTP, List.of(), null)),
              null,
              null,
              null,
              null,
              null),
          Origin.of(Location.ofFile("gateway.yaml")));

  @Test
  void withoutDependenciesAProxySeesItsNamespace() {
    EffectivePolicy orders = policy(Protocol.HTTP);
    assertThat(view(Given.group(Role.SIDECAR, "client.shop")).sees(orders)).isTrue();
    assertThat(view(Given.group(Role.NODE, "client.billing")).sees(orders)).isFalse();
  }

  @Test
  void withDependenciesAProxySeesThemWhereverTheyAre() {
    EffectivePolicy orders = policy(Protocol.HTTP);
    assertThat(view(Given.group(Role.SIDECAR, "c.billing", "orders.shop")).sees(orders)).isTrue();
    assertThat(view(Given.group(Role.SIDECAR, "c.shop", "pay.shop")).sees(orders)).isFalse();
  }

  @Test
  void grpcClientsSeeWhatSpeaksHttp2() {
    ProxyResources client = view(Given.group(Role.PROXYLESS, "client.shop"));
    assertThat(client.sees(policy(Protocol.GRPC))).isTrue();
    assertThat(client.sees(policy(Protocol.HTTP2))).isTrue();
    assertThat(client.sees(policy(Protocol.HTTP))).isFalse();
  }

  @Test
  void noProxySeesTcpBeforeItHasListeners() {
    assertThat(view(Given.group(Role.SIDECAR, "client.shop")).sees(policy(Protocol.TCP))).isFalse();
  }

  @Test
  void aGatewaySeesWhatIsAttachedToItAndTheMeshDoesNotUnlessToldSo() {
    EffectivePolicy exposed =
        Given.attached(
            policy(Protocol.HTTP),
            false,
            new GatewayHosts(GATEWAY.key(), List.of("a.example"), List.of()));
    assertThat(view(Given.group(Role.GATEWAY, "front.edge")).sees(exposed)).isTrue();
    assertThat(view(Given.group(Role.GATEWAY, "front.edge")).sees(policy(Protocol.HTTP))).isFalse();
    assertThat(view(Given.group(Role.GATEWAY, "front.other")).sees(exposed)).isFalse();
    assertThat(view(Given.group(Role.SIDECAR, "client.shop")).sees(exposed)).isFalse();
  }

  @Test
  void aWildcardCoversWhatEndsWithIt() {
    GatewayPort port =
        new GatewayPort(
            GATEWAY.key(),
            GatewayTranslation.of(GATEWAY),
            List.of("*.example.com", "plain.org"),
            List.of());
    assertThat(port.covers("a.example.com")).isTrue();
    assertThat(port.covers("a.b.example.com")).isTrue();
    assertThat(port.covers("*.example.com")).isTrue();
    assertThat(port.covers("*.b.example.com")).isTrue();
    assertThat(port.covers("plain.org")).isTrue();
    assertThat(port.covers("example.com")).isFalse();
    assertThat(port.covers("badexample.com")).isFalse();
    assertThat(port.covers("*.org")).isFalse();
  }

  @Test
  void ofVirtualHostsThatClaimAHostTheFirstByNameHasIt() {
    VirtualHost late = host("b", "one.example", "two.example");
    AssembledRoutes assembled =
        view(Given.group(Role.SIDECAR, "client.shop"))
            .routeConfiguration("outbound", List.of(late, host("a", "One.example")));
    assertThat(assembled.routes().getVirtualHostsList())
        .containsExactly(host("a", "One.example"), host("b", "two.example"));
    assertThat(assembled.problems())
        .singleElement()
        .asString()
        .contains("\"one.example\" of b is a already");
  }

  private static VirtualHost host(String name, String... domains) {
    return VirtualHost.newBuilder().setName(name).addAllDomains(List.of(domains)).build();
  }

  private static EffectivePolicy policy(Protocol protocol) {
    return Given.policy(Given.orders(protocol));
  }

  private static ProxyResources view(NodeGroup group) {
    SortedMap<DocumentKey, Gateway> gateways = new TreeMap<>(Map.of(GATEWAY.key(), GATEWAY));
    return ProxyResources.of(group, gateways);
  }
}
