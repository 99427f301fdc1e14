package dev.sluice.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.sluice.spec.Tree;
import dev.sluice.spec.Tree.Removal;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PatchableTest {
  private static final String TCP_PROXY =
      "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";

  @Test
  void messagesAreMergedFieldByFieldAndUnsetFieldsStay() {
    Cluster cluster =
        Cluster.newBuilder()
            .setName("a")
            .setAltStatName("b")
            .setPerConnectionBufferLimitBytes(UInt32Value.of(1))
            .build();

    Cluster patched =
        apply(
            cluster,
            tree(
                "alt_stat_name",
                "c",
                "connectTimeout",
                "0.25s",
                "upstream_connection_options",
                tree("tcp_keepalive", tree("keepalive_time", number(30)))));

    assertThat(patched.getName()).isEqualTo("a");
    assertThat(patched.getAltStatName()).isEqualTo("c");
    assertThat(patched.getPerConnectionBufferLimitBytes().getValue()).isEqualTo(1);
    assertThat(Durations.toMillis(patched.getConnectTimeout())).isEqualTo(250);
    assertThat(
            patched.getUpstreamConnectionOptions().getTcpKeepalive().getKeepaliveTime().getValue())
        .isEqualTo(30);
  }

  @Test
  void whatIsFalseOrZeroIsSetAllTheSame() {
    Route route =
        Route.newBuilder().setRoute(RouteAction.newBuilder().setAppendXForwardedHost(true)).build();

    Route patched = apply(route, tree("route", tree("append_x_forwarded_host", false)));

    assertThat(patched.getRoute().getAppendXForwardedHost()).isFalse();
  }

  @Test
  void ofFieldsThatExcludeEachOtherThePatchsHolds() {
    Route route = Route.newBuilder().setRoute(RouteAction.newBuilder().setCluster("a")).build();

    Route patched = apply(route, tree("direct_response", tree("status", number(204))));

    assertThat(patched.hasRoute()).isFalse();
    assertThat(patched.getDirectResponse().getStatus()).isEqualTo(204);
  }

  @Test
  void nullRemoves() {
    Route route =
        Route.newBuilder()
            .addRequestHeadersToRemove("a")
            .setRoute(RouteAction.newBuilder().setPrefixRewrite("/").setCluster("a"))
            .build();

    Route patched =
        apply(
            route,
            tree(
                "request_headers_to_remove",
                Removal.REMOVED,
                "route",
                tree("prefix_rewrite", Removal.REMOVED)));

    assertThat(patched)
        .isEqualTo(Route.newBuilder().setRoute(RouteAction.newBuilder().setCluster("a")).build());
  }

  @Test
  void entriesOfTheSameNameAreMergedAndNewOnesStandBeforeTheOthers() {
    Listener listener =
        Listener.newBuilder()
            .addFilterChains(
                FilterChain.newBuilder()
                    .addFilters(
                        Filter.newBuilder()
                            .setName("tcp")
                            .setTypedConfig(
                                Any.pack(TcpProxy.newBuilder().setCluster("a").build()))))
            .build();

    Listener patched =
        apply(
            listener,
            tree(
                "filter_chains",
                List.of(
                    tree(
                        "filters",
                        List.of(
                            tree(
                                "name",
                                "tcp",
                                "typed_config",
                                tree("@type", TCP_PROXY, "stat_prefix", "b")),
                            tree("name", "new"))))));

    assertThat(patched.getFilterChainsCount()).isEqualTo(1);
    assertThat(patched.getFilterChains(0).getFiltersList())
        .containsExactly(
            Filter.newBuilder().setName("new").build(),
            Filter.newBuilder()
                .setName("tcp")
                .setTypedConfig(
                    Any.pack(TcpProxy.newBuilder().setCluster("a").setStatPrefix("b").build()))
                .build());
  }

  @Test
  void listsWithoutNamesAreReplaced() {
    Route route =
        Route.newBuilder().addRequestHeadersToRemove("a").addRequestHeadersToRemove("b").build();

    Route patched = apply(route, tree("requestHeadersToRemove", List.of("c")));

    assertThat(patched.getRequestHeadersToRemoveList()).containsExactly("c");
  }

  @Test
  void mapsAreMergedKeyByKeyAndAnotherTypeStandsForTheWhole() {
    Route route =
        Route.newBuilder()
            .putTypedPerFilterConfig("a", Any.pack(HTTPFault.getDefaultInstance()))
            .putTypedPerFilterConfig("b", Any.pack(TcpProxy.newBuilder().setCluster("b").build()))
            .putTypedPerFilterConfig("c", Any.pack(HTTPFault.getDefaultInstance()))
            .build();

    Route patched =
        apply(
            route,
            tree(
                "typed_per_filter_config",
                tree(
                    "a",
                    tree("@type", TCP_PROXY, "cluster", "a"),
                    "b",
                    tree("@type", TCP_PROXY, "stat_prefix", "b"),
                    "c",
                    Removal.REMOVED)));

    assertThat(patched.getTypedPerFilterConfigMap())
        .isEqualTo(
            Map.of(
                "a",
                Any.pack(TcpProxy.newBuilder().setCluster("a").build()),
                "b",
                Any.pack(TcpProxy.newBuilder().setCluster("b").setStatPrefix("b").build())));
  }

  @Test
  void patchesAreMergedInTheirOrder() {
    Cluster patched =
        Patchable.apply(
            Cluster.getDefaultInstance(),
            List.of(tree("alt_stat_name", "a"), tree("alt_stat_name", "b")));

    assertThat(patched.getAltStatName()).isEqualTo("b");
  }

  @Test
  void noPatchIsNoChange() {
    Cluster cluster = Cluster.newBuilder().setName("a").build();

    assertThat(Patchable.apply(cluster, List.of())).isSameAs(cluster);
  }

  private static Cluster apply(Cluster cluster, Tree patch) {
    assertThat(problems(Patchable.CLUSTER, patch)).isEmpty();
    return Patchable.apply(cluster, List.of(patch));
  }

  private static Route apply(Route route, Tree patch) {
    assertThat(problems(Patchable.ROUTE, patch)).isEmpty();
    return Patchable.apply(route, List.of(patch));
  }

  private static Listener apply(Listener listener, Tree patch) {
    assertThat(problems(Patchable.LISTENER, patch)).isEmpty();
    return Patchable.apply(listener, List.of(patch));
  }

  private static List<String> problems(Patchable kind, Tree patch) {
    List<String> problems = new ArrayList<>();
    kind.check(patch, "$", (path, message) -> problems.add(path + ": " + message));
    return problems;
  }

  private static BigDecimal number(long value) {
    return BigDecimal.valueOf(value);
  }

  private static Tree tree(Object... keysAndValues) {
    TreeMap<String, Object> fields = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Tree(fields);
  }
}
