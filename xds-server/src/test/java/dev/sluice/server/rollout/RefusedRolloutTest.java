package dev.sluice.server.rollout;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.xds.JudgingProxy;
import dev.sluice.server.xds.Variant;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.server.xds.XdsServerSettings;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rollouts that proxies refuse, from the policy to real streams and back. */
class RefusedRolloutTest {
  private static final Map<ResourceType, List<String>> WANTS =
      Map.of(CLUSTER, List.of("*"), ROUTE, List.of("outbound"));

  private final LiveState live = new LiveState();
  private XdsServer server;
  private ManagedChannel channel;
  private Rollouts rollouts;

  /** Whether a half of the traffic is more than the critic takes for the new version. */
  private volatile boolean refusesHalf = true;

  @BeforeEach
  void start() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = new XdsServer(XdsServerSettings.at(any), live.store).start();
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
            .usePlaintext()
            .build();
    rollouts =
        new Rollouts(
            new RolloutFacts(
                live.pipeline,
                Runnable::run,
                server::proxies,
                live.store::current,
                server::withheld,
                server::canaries,
                RolloutMetrics.NONE),
            List.of(new MemoryStates()),
            () -> live.now);
  }

  @AfterEach
  void stop() {
    rollouts.close();
    channel.shutdownNow();
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedStepGoesBackNamingWhoRefusedItAndAnotherAttemptMaySucceed(Variant variant) {
    connect(variant, "another", _ -> "");
    connect(variant, "critic", this::judge);
    live.tell("orders.yaml", LiveState.ROLLOUT);
    awaitPhase(Phase.HOLDING);

    live.now = live.now.plus(Duration.ofMinutes(1));
    awaitPhase(Phase.REVERTED);

    assertThat(state().words()).isEqualTo("critic refused it: half of it is too much");
    assertThat(state().shares().of("v2")).isZero();
    assertThat(confirmation()).hasToString("2/2");
    assertThat(confirmation().refused()).isEmpty();

    refusesHalf = false;
    rollouts.ask(standing().policy(), Verb.RESUME, "anna");
    awaitPhase(Phase.HOLDING);
    live.now = live.now.plus(Duration.ofMinutes(1));
    awaitPhase(Phase.APPROVING);
    assertThat(state().shares().of("v2")).isEqualTo(500_000);
    assertThat(confirmation()).hasToString("2/2");
  }

  private void connect(Variant variant, String id, Function<Any, String> judge) {
    int before = server.proxies().size();
    new JudgingProxy(variant, id, WANTS, judge).connect(channel);
    await().until(() -> server.proxies().size() == before + 1);
  }

  private String judge(Any resource) {
    if (!refusesHalf || !resource.is(RouteConfiguration.class)) {
      return "";
    }
    try {
      return resource.unpack(RouteConfiguration.class).getVirtualHostsList().stream()
              .flatMap(host -> host.getRoutesList().stream())
              .map(route -> route.getRoute().getWeightedClusters().getClustersList())
              .anyMatch(
                  all -> all.size() == 2 && all.get(0).getWeight().equals(all.get(1).getWeight()))
          ? "half of it is too much"
          : "";
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitPhase(Phase phase) {
    await()
        .until(
            () -> {
              rollouts.look();
              return state().phase() == phase;
            });
  }

  private Standing standing() {
    return rollouts.standing().getFirst();
  }

  private RolloutState state() {
    return standing().state();
  }

  private Confirmation confirmation() {
    return standing().facts().confirmation().orElseThrow();
  }
}
