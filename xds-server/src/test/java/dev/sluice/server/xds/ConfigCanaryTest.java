package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.readyAssignment;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A changed configuration comes to some proxies before it comes to all; at the wire. */
class ConfigCanaryTest extends ServerTest {
  private static final Map<ResourceType, List<String>> WANTS =
      Map.of(CLUSTER, List.of("*"), ENDPOINT, List.of("orders"));

  private final TreeMap<String, JudgingProxy> proxies = new TreeMap<>();
  private final TreeMap<String, ManagedChannel> channels = new TreeMap<>();

  /** Whoever judges something that holds "slow" waits here for the test. */
  private final Phaser slow = new Phaser(1);

  private Stages stages = new Stages(List.of(new Stages.Count(1)), Duration.ofMinutes(1));

  @Override
  XdsServerSettings settings(XdsServerSettings defaults) {
    return defaults.withStages(stages);
  }

  private void restart(Duration within, Stages.Share... shares) throws Exception {
    stop();
    stages = new Stages(List.of(shares), within);
    start();
  }

  @AfterEach
  void disconnect() {
    slow.forceTermination();
    channels.values().forEach(ManagedChannel::shutdownNow);
  }

  @ParameterizedTest
  @EnumSource
  void whileOneHasNotAnsweredTheOthersKeepWhatTheyHaveAndEndpointsGoOn(Variant variant) {
    begin(variant, "abcd", cluster("orders", "1"), assignment("orders", 100));

    publish(cluster("orders", "slow"), assignment("orders", 101));

    await().until(() -> server.canaries().size() == 1);
    ConfigCanary canary = server.canaries().getFirst();
    awaitAllBut(canary.asked(), assignment("orders", 101));
    assertThat(canary.asked()).hasSize(1);
    assertThat(canary.concerned()).isEqualTo(4);
    assertThat(canary.accepted()).isZero();
    assertThat(canary.halted()).isEmpty();
    assertThat(canary.resources()).containsExactly("CDS orders");
    connect(variant, "newcomer");
    await().untilAsserted(() -> assertHolds("newcomer", cluster("orders", "1")));
    proxies.forEach((id, proxy) -> assertHolds(id, cluster("orders", "1")));

    slow.arrive();
    awaitAll(cluster("orders", "slow"));
    await().until(() -> server.canaries().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRefusedComesToNobodyElseAndTheRestGoesOn(Variant variant) throws Exception {
    restart(Duration.ofMinutes(1), new Stages.Count(1), new Stages.Percentage(50));
    begin(variant, "abcd", cluster("orders", "1"), cluster("users", "1"));

    publish(cluster("orders", "bad"), cluster("users", "2"));

    awaitAll(cluster("orders", "1"), cluster("users", "2"));
    assertThat(server.quarantined()).extracting(Quarantined::name).containsExactly("orders");
    await().until(() -> server.canaries().isEmpty());
    long responses =
        proxies.values().stream().mapToLong(JudgingProxy::refusals).filter(n -> n > 0).count();
    assertThat(responses).as("who ever saw it").isEqualTo(1);

    publish(cluster("orders", "mended"));
    awaitAll(cluster("orders", "mended"), cluster("users", "2"));
    assertThat(server.quarantined()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aSilentOneHaltsItUntilSomethingNewerIsPublishedThatAnotherOneIsAskedFor(Variant variant)
      throws Exception {
    restart(Duration.ofMillis(300), new Stages.Count(1));
    begin(variant, "abcd", cluster("orders", "1"));
    publish(cluster("orders", "slow"));
    await().until(() -> !server.canaries().isEmpty() && !halted().isEmpty());
    String silent = server.canaries().getFirst().asked().getFirst();
    assertThat(halted()).isEqualTo(silent + " did not acknowledge it within 0.3s");

    publish(cluster("orders", "3"));

    awaitAllBut(List.of(silent), cluster("orders", "3"));
    assertThat(server.canaries()).isEmpty();
    slow.arrive();
    awaitAll(cluster("orders", "3"));
  }

  @ParameterizedTest
  @EnumSource
  void somethingNewerWaitsForWhatIsUnderWay(Variant variant) {
    begin(variant, "abc", cluster("orders", "1"), cluster("users", "1"));
    publish(cluster("orders", "slow"));
    await().until(() -> !server.canaries().isEmpty());

    publish(cluster("users", "2"));
    publish(cluster("users", "3"), assignment("orders", 101));

    awaitAllBut(asked(), assignment("orders", 101));
    assertThat(server.canaries().getFirst().resources()).containsExactly("CDS orders");
    slow.arrive();
    awaitAll(cluster("orders", "slow"), cluster("users", "3"));
    await().until(() -> server.canaries().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void whoLeavesWithoutAnAnswerIsReplaced(Variant variant) {
    begin(variant, "abcd", cluster("orders", "1"));
    publish(cluster("orders", "slow"));
    await().until(() -> !server.canaries().isEmpty() && asked().size() == 1);
    String gone = asked().getFirst();

    requireNonNull(channels.get(gone)).shutdownNow();

    await().until(() -> asked().size() == 1 && !asked().contains(gone));
    proxies.remove(gone);
    slow.arrive();
    slow.forceTermination();
    awaitAll(cluster("orders", "slow"));
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsGoesOnWhenWhatIsUnderWayHasNothingLeft(Variant variant) {
    begin(variant, "abc", cluster("orders", "1"), cluster("users", "1"));
    publish(cluster("orders", "slow.bad"));
    await().until(() -> !server.canaries().isEmpty());
    publish(cluster("users", "2"));

    slow.arrive(); // It is refused, so that nothing is left of what was under way.

    awaitAll(cluster("orders", "1"), cluster("users", "2"));
    await().until(() -> server.canaries().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsTakesThePlaceOfWhatIsRefusedInPartAndThenNotAnswered(Variant variant)
      throws Exception {
    restart(Duration.ofMillis(300), new Stages.Count(1));
    begin(variant, "abc", cluster("orders", "1"), cluster("users", "1"));
    publish(cluster("orders", "bad"), cluster("users", "slow"));
    await().until(() -> !server.canaries().isEmpty());
    List<String> silent = asked();

    publish(cluster("users", "3"));

    awaitAllBut(silent, cluster("orders", "1"), cluster("users", "3"));
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoTheOtherOneIsNotAllThatIsLeft(Variant variant) {
    begin(variant, "ab", cluster("orders", "1"));
    publish(cluster("orders", "slow"));
    await().until(() -> asked().size() == 1);
    String gone = asked().getFirst();

    requireNonNull(channels.get(gone)).shutdownNow();

    await().until(() -> asked().size() == 1 && !asked().contains(gone));
    assertThat(server.canaries().getFirst().concerned()).isEqualTo(2);
    proxies.remove(gone);
    slow.arrive();
    awaitAll(cluster("orders", "slow"));
    await().until(() -> server.canaries().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void anAssignmentThatEmptiesWhileAnotherChangeSpreadsEmptiesEverywhere(Variant variant) {
    begin(variant, "abc", cluster("orders", "1"), cluster("users", "1"), readyAssignment("orders"));
    publish(cluster("users", "slow"));
    await().until(() -> asked().size() == 1);

    publish(assignment("orders", 100));

    awaitAllBut(asked(), assignment("orders", 100));
    slow.arrive();
    awaitAll(cluster("users", "slow"), assignment("orders", 100));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsUndoneWhileItSpreadsComesToNobodyElse(Variant variant) {
    begin(variant, "abc", cluster("orders", "1"));
    publish(cluster("orders", "slow"));
    await().until(() -> asked().size() == 1);
    String first = asked().getFirst();
    int before = others(first).mapToInt(JudgingProxy::responses).sum();

    publish(cluster("orders", "1"));

    await().until(() -> server.canaries().isEmpty());
    slow.arrive();
    awaitAll(cluster("orders", "1"));
    assertThat(others(first).mapToInt(JudgingProxy::responses).sum()).isEqualTo(before);
  }

  private Stream<JudgingProxy> others(String id) {
    return proxies.entrySet().stream()
        .filter(one -> !one.getKey().equals(id))
        .map(Map.Entry::getValue);
  }

  /** Whatever is published and refused, in the end everybody has the newest that is good. */
  @ParameterizedTest
  @EnumSource
  void inTheEndEverybodyHasTheNewest(Variant variant) throws Exception {
    slow.forceTermination();
    long seed = new Random().nextLong();
    System.out.println("ConfigCanaryTest " + variant + " seed " + seed);
    Random random = new Random(seed);
    restart(Duration.ofMillis(50), new Stages.Count(1), new Stages.Percentage(40));
    connect(variant, "a", "b", "c", "d", "e", "f");
    publish(cluster("orders", "0"), cluster("users", "0"));
    for (int i = 1; i < 150; i++) {
      String content = random.nextInt(4) == 0 ? "bad" + i : "good" + i;
      switch (random.nextInt(6)) {
        case 0, 1 -> publish(cluster("orders", content));
        case 2, 3 -> publish(cluster("users", content));
        case 4 -> publish(assignment("orders", 100 + i));
        default -> {
          String id = "abcdef".substring(random.nextInt(6)).substring(0, 1);
          requireNonNull(channels.get(id)).shutdownNow();
          connect(variant, id);
        }
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(8)); // Else all of it is one publication.
    }

    publish(cluster("orders", "last"), cluster("users", "last"), assignment("orders", 99));

    awaitAll(cluster("orders", "last"), cluster("users", "last"), assignment("orders", 99));
    await().until(() -> server.canaries().isEmpty() && server.quarantined().isEmpty());
  }

  private String halted() {
    return server.canaries().stream().flatMap(one -> one.halted().stream()).findFirst().orElse("");
  }

  private List<String> asked() {
    return server.canaries().stream().flatMap(one -> one.asked().stream()).toList();
  }

  private String judge(Any resource) {
    String text = resource.getValue().toStringUtf8();
    if (text.contains("slow")) {
      try {
        slow.awaitAdvanceInterruptibly(0, 30, TimeUnit.SECONDS);
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError(e);
      }
    }
    return !text.contains("bad") ? "" : text.contains("users") ? "cluster users" : "cluster orders";
  }

  /** Proxies, a letter each, that use these resources. */
  private void begin(Variant variant, String ids, Resource... resources) {
    connect(variant, ids.split(""));
    publish(resources);
    awaitAll(resources);
  }

  private void connect(Variant variant, String... ids) {
    for (String id : ids) {
      ManagedChannel channel = anotherChannel();
      channels.put(id, channel);
      Function<Any, String> judge = this::judge;
      proxies.put(id, new JudgingProxy(variant, id, WANTS, judge).connect(channel));
    }
    List<String> all = new ArrayList<>(proxies.keySet());
    await()
        .untilAsserted(
            () -> assertThat(server.proxies()).extracting(NodeStatus::id).containsAll(all));
  }

  private void awaitAll(Resource... resources) {
    awaitAllBut(List.of(), resources);
  }

  private void awaitAllBut(List<String> some, Resource... resources) {
    TreeMap<String, JudgingProxy> others = new TreeMap<>(proxies);
    others.keySet().removeAll(some);
    await()
        .untilAsserted(
            () ->
                others.keySet().forEach(id -> List.of(resources).forEach(r -> assertHolds(id, r))));
  }

  private void assertHolds(String id, Resource resource) {
    assertThat(requireNonNull(proxies.get(id)).holds(resource.type(), resource.name()))
        .as("%s at %s", resource.name(), id)
        .isEqualTo(resource.packed());
  }
}
