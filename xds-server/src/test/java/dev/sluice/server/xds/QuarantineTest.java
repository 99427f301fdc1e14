package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.hosts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a proxy refuses is kept from those who have not got it; at the wire. */
class QuarantineTest extends ServerTest {
  private static final Map<ResourceType, List<String>> CLUSTERS = Map.of(CLUSTER, List.of("*"));
  private static final Map<ResourceType, List<String>> ROUTES = Map.of(ROUTE, List.of("main"));

  @ParameterizedTest
  @EnumSource
  void aRefusedVersionIsKeptFromNewcomersAndTheOthersGoOn(Variant variant) {
    JudgingProxy critic = proxy(variant, "critic", CLUSTERS, refusing("bad", "cluster %s: no"));
    publish(cluster("orders", "good"), cluster("users", "1"));
    awaitHeld(critic, cluster("orders", "good"), cluster("users", "1"));

    publish(cluster("orders", "bad"), cluster("users", "2"));

    await().until(() -> server.quarantined().size() == 1);
    awaitHeld(critic, cluster("orders", "good"), cluster("users", "2"));
    JudgingProxy newcomer = proxy(variant, "newcomer", CLUSTERS, resource -> "");
    awaitHeld(newcomer, cluster("orders", "good"), cluster("users", "2"));
    Quarantined quarantined = server.quarantined().getFirst();
    assertThat(quarantined.name()).isEqualTo("orders");
    assertThat(quarantined.proxy()).isEqualTo("critic");
    assertThat(quarantined.message()).isEqualTo("cluster orders: no");
    awaitSynced("critic");

    publish(cluster("users", "3"));
    awaitHeld(critic, cluster("orders", "good"), cluster("users", "3"));
    awaitHeld(newcomer, cluster("orders", "good"), cluster("users", "3"));

    publish(cluster("orders", "mended"));
    awaitHeld(critic, cluster("orders", "mended"), cluster("users", "3"));
    awaitHeld(newcomer, cluster("orders", "mended"), cluster("users", "3"));
    assertThat(server.quarantined()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whoAcceptedItKeepsIt(Variant variant) {
    JudgingProxy tolerant = proxy(variant, "tolerant", CLUSTERS, resource -> "");
    Function<Any, String> judge = refusing("bad", "cluster %s: no");
    JudgingProxy critic =
        proxy(
            variant,
            "critic",
            CLUSTERS,
            resource -> {
              String verdict = judge.apply(resource);
              if (!verdict.isEmpty()) {
                awaitHeld(tolerant, cluster("orders", "bad"));
              }
              return verdict;
            });
    publish(cluster("orders", "good"));
    awaitHeld(tolerant, cluster("orders", "good"));
    awaitHeld(critic, cluster("orders", "good"));

    publish(cluster("orders", "bad"));

    await().until(() -> server.quarantined().size() == 1);
    awaitHeld(tolerant, cluster("orders", "bad"));
    publish(cluster("users", "1"));
    awaitHeld(tolerant, cluster("orders", "bad"), cluster("users", "1"));
    awaitHeld(critic, cluster("orders", "good"), cluster("users", "1"));
  }

  @ParameterizedTest
  @EnumSource
  void oneRefusalIsOneResponseAndNoLoop(Variant variant) {
    JudgingProxy critic = proxy(variant, "critic", CLUSTERS, refusing("bad", "cluster %s: no"));
    publish(cluster("orders", "good"));
    awaitHeld(critic, cluster("orders", "good"));
    int before = critic.responses();

    publish(cluster("orders", "bad"));

    await().until(() -> server.quarantined().size() == 1);
    awaitSynced("critic");
    assertThat(critic.responses()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsEstablishedIsNotTakenFromNewcomersBecauseOneRefusesIt(Variant variant) {
    JudgingProxy first = proxy(variant, "first", CLUSTERS, resource -> "");
    publish(cluster("orders", "bad"));
    awaitHeld(first, cluster("orders", "bad"));

    JudgingProxy critic = proxy(variant, "critic", CLUSTERS, refusing("bad", "cluster %s: no"));

    await().until(() -> critic.responses() == 1);
    JudgingProxy newcomer = proxy(variant, "newcomer", CLUSTERS, resource -> "");
    awaitHeld(newcomer, cluster("orders", "bad"));
    assertThat(server.quarantined()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whoRefusesWhatIsEstablishedHarmsNoLaterChange(Variant variant) {
    JudgingProxy first = proxy(variant, "first", CLUSTERS, resource -> "");
    publish(cluster("orders", "bad"), cluster("users", "1"));
    awaitHeld(first, cluster("orders", "bad"), cluster("users", "1"));
    JudgingProxy critic = proxy(variant, "critic", CLUSTERS, refusing("bad", "cluster %s: no"));
    await().until(() -> critic.responses() >= 1);
    int before = critic.responses();

    publish(cluster("users", "2"));

    awaitHeld(first, cluster("users", "2"));
    await().until(() -> critic.responses() > before);
    JudgingProxy newcomer = proxy(variant, "newcomer", CLUSTERS, resource -> "");
    awaitHeld(newcomer, cluster("orders", "bad"), cluster("users", "2"));
    assertThat(server.quarantined()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aNewClusterThatIsRefusedKeepsBackTheRoutesToIt(Variant variant) {
    JudgingProxy critic =
        proxy(
            variant,
            "critic",
            Map.of(CLUSTER, List.of("*"), ROUTE, List.of("main")),
            refusing("bad", "cluster %s: no"));
    publish(cluster("old", "good"), routesTo("orders=old", "users=old"));
    awaitHeld(critic, cluster("old", "good"), routesTo("orders=old", "users=old"));

    publish(cluster("new", "bad"), cluster("fine", "good"), routesTo("orders=new", "users=fine"));

    awaitHeld(critic, cluster("fine", "good"), routesTo("orders=old", "users=fine"));
    JudgingProxy newcomer =
        proxy(
            variant,
            "newcomer",
            Map.of(CLUSTER, List.of("*"), ROUTE, List.of("main")),
            resource -> "");
    awaitHeld(newcomer, cluster("fine", "good"), routesTo("orders=old", "users=fine"));
    assertThat(newcomer.holds(CLUSTER, "new")).isEqualTo(Any.getDefaultInstance());

    publish(cluster("new", "mended"));
    awaitHeld(critic, cluster("new", "mended"), routesTo("orders=new", "users=fine"));
    awaitHeld(newcomer, cluster("new", "mended"), routesTo("orders=new", "users=fine"));
    assertThat(server.quarantined()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whenWhoTriesLeavesAnotherOneTries(Variant variant) {
    Function<Any, String> judge = refusing("bad", "something is wrong");
    JudgingProxy critic = proxy(variant, "critic", ROUTES, judge);
    ManagedChannel own = anotherChannel();
    try {
      JudgingProxy leaver = new JudgingProxy(variant, "leaver", ROUTES, judge).connect(own);
      await().until(() -> server.proxies().size() == 2);
      publish(hosts("carts=1", "orders=good", "users=1"));
      awaitHeld(critic, hosts("carts=1", "orders=good", "users=1"));
      awaitHeld(leaver, hosts("carts=1", "orders=good", "users=1"));
      publish(hosts("carts=2", "orders=bad", "users=2"));
      await().until(() -> !server.quarantined().isEmpty());
    } finally {
      own.shutdownNow();
    }

    awaitHeld(critic, hosts("carts=2", "orders=good", "users=2"));
  }

  @ParameterizedTest
  @EnumSource
  void oneVirtualHostIsPutBackAndTheOthersGoOn(Variant variant) {
    JudgingProxy critic = proxy(variant, "critic", ROUTES, refusing("bad", "host %s: no"));
    publish(hosts("orders=good", "users=1"));
    awaitHeld(critic, hosts("orders=good", "users=1"));

    publish(hosts("orders=bad", "users=2"));

    awaitHeld(critic, hosts("orders=good", "users=2"));
    Quarantined quarantined = server.quarantined().getFirst();
    assertThat(quarantined.virtualHost()).contains("orders");
    assertThat(quarantined.documents()).containsExactly("TrafficPolicy shop/orders");
    JudgingProxy newcomer = proxy(variant, "newcomer", ROUTES, resource -> "");
    awaitHeld(newcomer, hosts("orders=good", "users=2"));

    publish(hosts("orders=bad", "users=3"));
    awaitHeld(critic, hosts("orders=good", "users=3"));
    publish(hosts("orders=mended", "users=3"));
    awaitHeld(critic, hosts("orders=mended", "users=3"));
    awaitHeld(newcomer, hosts("orders=mended", "users=3"));
    assertThat(server.quarantined()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whenTheMessageNamesNobodyEachSuspectIsTriedOnTheProxyThatRefused(Variant variant) {
    JudgingProxy critic = proxy(variant, "critic", ROUTES, refusing("bad", "something is wrong"));
    publish(hosts("carts=1", "orders=good", "users=1"));
    awaitHeld(critic, hosts("carts=1", "orders=good", "users=1"));

    publish(hosts("carts=2", "orders=bad", "users=2"));

    awaitHeld(critic, hosts("carts=2", "orders=good", "users=2"));
    JudgingProxy newcomer = proxy(variant, "newcomer", ROUTES, resource -> "");
    awaitHeld(newcomer, hosts("carts=2", "orders=good", "users=2"));
    await()
        .untilAsserted(
            () ->
                assertThat(server.quarantined())
                    .extracting(Quarantined::virtualHost)
                    .containsExactly(java.util.Optional.of("orders")));
  }

  private JudgingProxy proxy(
      Variant variant,
      String id,
      Map<ResourceType, List<String>> wants,
      Function<Any, String> judge) {
    int before = server.proxies().size();
    JudgingProxy proxy = new JudgingProxy(variant, id, wants, judge).connect(channel);
    await().until(() -> server.proxies().size() == before + 1);
    return proxy;
  }

  private static void awaitHeld(JudgingProxy proxy, Resource... resources) {
    await()
        .untilAsserted(
            () -> {
              for (Resource resource : resources) {
                assertThat(proxy.holds(resource.type(), resource.name()))
                    .isEqualTo(resource.packed());
              }
            });
  }

  private void awaitSynced(String id) {
    await()
        .untilAsserted(
            () ->
                assertThat(server.proxies())
                    .filteredOn(proxy -> proxy.id().equals(id))
                    .flatExtracting(proxy -> proxy.types().values())
                    .extracting(NodeStatus.TypeStatus::sync)
                    .containsOnly(NodeStatus.Sync.SYNCED));
  }

  /** A judge who finds resources with that content wrong; %s is the part that holds it. */
  private static Function<Any, String> refusing(String content, String words) {
    return resource -> {
      try {
        if (resource.is(RouteConfiguration.class)) {
          return resource.unpack(RouteConfiguration.class).getVirtualHostsList().stream()
              .filter(host -> host.getDomains(0).contains(content))
              .map(host -> words.formatted(host.getName()))
              .findFirst()
              .orElse("");
        }
        var cluster = resource.unpack(io.envoyproxy.envoy.config.cluster.v3.Cluster.class);
        return cluster.getAltStatName().equals(content) ? words.formatted(cluster.getName()) : "";
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    };
  }

  /** A RouteConfiguration of virtual hosts, each given as {@code name=cluster}. */
  private static Resource routesTo(String... hosts) {
    RouteConfiguration.Builder routes = RouteConfiguration.newBuilder().setName("main");
    for (String host : hosts) {
      String[] parsed = host.split("=", 2);
      VirtualHost.Builder virtualHost =
          routes.addVirtualHostsBuilder().setName(parsed[0]).addDomains(parsed[0] + ".shop");
      virtualHost.addRoutesBuilder().getRouteBuilder().setCluster(parsed[1]);
    }
    return Resource.of(ROUTE, "main", routes.build(), Provenance.NONE);
  }
}
