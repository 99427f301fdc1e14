package dev.sluice.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.sluice.node.Role;
import dev.sluice.server.explain.Arrival.Client;
import dev.sluice.server.explain.Arrival.Transport;
import dev.sluice.server.explain.Entrances.Entrance;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.ApiListener;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntrancesTest {
  private static final Any MANAGER = Any.pack(HttpConnectionManager.getDefaultInstance());

  private final RoutedProxy gateway =
      RoutedProxy.empty("edge", Role.GATEWAY)
          .listener("gateway|8080", 8080, TrafficDirection.INBOUND)
          .listener(secure("gateway|8443", 8443));

  private static Listener secure(String name, int port) {
    Listener.Builder listener =
        Listener.newBuilder()
            .setName(name)
            .addFilterChains(chain("exact", "a.example.com"))
            .addFilterChains(chain("wild", "*.example.com"));
    listener.getAddressBuilder().getSocketAddressBuilder().setPortValue(port);
    return listener.build();
  }

  private static FilterChain chain(String name, String server) {
    return FilterChain.newBuilder()
        .setName(name)
        .setTransportSocket(TransportSocket.getDefaultInstance())
        .setFilterChainMatch(FilterChainMatch.newBuilder().addServerNames(server))
        .addFilters(Filter.newBuilder().setTypedConfig(MANAGER))
        .build();
  }

  private static Entrance find(RoutedProxy proxy, String url) {
    return Entrances.find(
        new Served(proxy.snapshot()), proxy.group().role(), Call.parse("GET", url, List.of()));
  }

  private static String listener(Entrance entrance) {
    return entrance.listener().map(resource -> resource.name()).orElse("none");
  }

  @Test
  void theUrlsPortNamesTheListenerOfAGateway() {
    Entrance plain = find(gateway, "http://a.example.com:8080/");
    Entrance tls = find(gateway, "https://a.example.com:8443/");

    assertThat(listener(plain)).isEqualTo("gateway|8080");
    assertThat(plain.arrival().orElseThrow().transport()).isEqualTo(Transport.PLAIN);
    assertThat(listener(tls)).isEqualTo("gateway|8443");
    assertThat(tls.arrival().orElseThrow().transport()).isEqualTo(Transport.TLS);
    assertThat(tls.because()).endsWith("are shown the certificate of exact");
    assertThat(find(gateway, "https://b.example.com:8443/").because()).endsWith(" of wild");
  }

  @Test
  void withoutAPortTheSchemeDecidesWhereOneListenerAloneSpeaksIt() {
    assertThat(listener(find(gateway, "http://a.example.com/"))).isEqualTo("gateway|8080");
    assertThat(listener(find(gateway, "https://a.example.com/"))).isEqualTo("gateway|8443");

    gateway.listener("gateway|8081", 8081, TrafficDirection.INBOUND);

    assertThat(find(gateway, "http://a.example.com/").because())
        .contains("it listens on 8080 (http), 8081 (http), 8443 (https)", "write the port");

    gateway.listener("gateway|80", 80, TrafficDirection.INBOUND);

    assertThat(listener(find(gateway, "http://a.example.com/"))).isEqualTo("gateway|80");
  }

  @Test
  void whatNoListenerTakesIsSaid() {
    assertThat(find(gateway, "http://a.example.com:9/").because())
        .isEqualTo("it listens on no port 9, but on 8080 (http), 8443 (https)");
    assertThat(find(gateway, "http://a.example.com:8443/").because()).contains("TLS alone");
    assertThat(find(gateway, "https://a.example.com:8080/").because()).contains("no TLS");
    assertThat(find(gateway, "https://other.com:8443/").because())
        .contains("no certificate for clients that ask for other.com");
    assertThat(find(gateway, "https://other.com:8443/").arrival()).isEmpty();
  }

  @Test
  void aSidecarsCallsGoOutByItsOneListener() {
    RoutedProxy sidecar =
        RoutedProxy.sidecar("web-1").listener("inbound|8080", 8080, TrafficDirection.INBOUND);

    assertThat(listener(find(sidecar, "http://orders.shop:8080/"))).isEqualTo("outbound");
  }

  @Test
  void aProgramsListenerHasTheNameOfItsTarget() {
    RoutedProxy program =
        RoutedProxy.empty("grpc", Role.PROXYLESS)
            .listener(
                Listener.newBuilder()
                    .setName("orders.shop:8080")
                    .setApiListener(ApiListener.newBuilder().setApiListener(MANAGER))
                    .build());

    Entrance found = find(program, "http://orders.shop:8080/a.B/C");

    assertThat(found.arrival().orElseThrow().client()).isEqualTo(Client.GRPC);
    assertThat(find(program, "http://stock.shop/a.B/C").because())
        .contains("no listener of the name stock.shop", "(orders.shop:8080)");
  }
}
