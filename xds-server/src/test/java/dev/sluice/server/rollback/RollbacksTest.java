package dev.sluice.server.rollback;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.history.History;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.pipeline.HeldBack;
import dev.sluice.server.pipeline.HeldBack.What;
import dev.sluice.server.pipeline.Pin;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbacksTest {
  private static final DocumentKey ORDERS = key("orders");
  private static final String OVERRIDE =
      """
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: out, namespace: shop}
      spec: {service: orders, match: {address: 10.0.0.1}, state: out}
      """;

  private LiveState live = new LiveState();
  private NodeGroup web = live.sidecars("web", 2);
  private Rollbacks rollbacks = live.rollbacks();
  @TempDir private Path folder;

  @BeforeEach
  void documents() {
    live.tell("orders-service.yaml", LiveState.SERVICE);
    live.tell("users-service.yaml", LiveState.SERVICE.replace("name: orders", "name: users"));
    live.tell("orders.yaml", policy("orders", 1));
    live.tell("users.yaml", policy("users", 1));
  }

  private static DocumentKey key(String name) {
    return new DocumentKey(Kind.TRAFFIC_POLICY, "shop", name);
  }

  private static String policy(String name, int seconds) {
    return """
    apiVersion: sluice.dev/v1
    kind: TrafficPolicy
    metadata: {name: %1$s, namespace: shop}
    spec: {target: {service: %1$s}, timeouts: {request: %2$ds}}
    """
        .formatted(name, seconds);
  }

  private static RollbackRequest to(long revision, String... services) {
    return new RollbackRequest(
        revision,
        new TreeSet<>(List.of(services)),
        Duration.ofHours(1),
        "it fails",
        "alice",
        "127.0.0.1");
  }

  private long newest() {
    return live.history.last();
  }

  private String routes() {
    return snapshot().resources(ResourceType.ROUTE).values().stream()
        .map(route -> route.message().toString())
        .reduce("", String::concat);
  }

  private Snapshot snapshot() {
    return live.store.current(web).orElseThrow();
  }

  private static String timeout(int seconds) {
    return "timeout {\n        seconds: %d\n".formatted(seconds);
  }

  @Test
  void thePoliciesOfThenHoldUntilItIsLiftedAndWhatIsTheirsIsSaid() {
    long good = newest();
    Snapshot before = snapshot();
    live.tell("orders.yaml", policy("orders", 7));
    live.tell("more.yaml", policy("users", 9));
    assertThat(routes()).contains(timeout(7), timeout(9));
    Snapshot edited = snapshot();

    Pin pin = rollbacks.roll(to(good));

    assertThat(snapshot().sameAs(before)).isTrue();
    assertThat(rollbacks.standing().pin()).hasValue(pin);
    assertThat(rollbacks.standing().held())
        .extracting(HeldBack::toString)
        .containsExactly(
            new HeldBack(ORDERS, What.EDITED, "orders.yaml:1:1").toString(),
            new HeldBack(key("users"), What.EDITED, "more.yaml:1:1").toString());
    assertThat(requireNonNull(live.pipeline.statuses().get(ORDERS)).reason())
        .isEqualTo(PolicyStatus.Reason.HELD_BACK);
    assertThat(live.pipeline.problems())
        .anyMatch(
            it ->
                it.toString()
                    .startsWith("orders.yaml:1:1 $: warning: is held back by the rollback"));
    Revision newest = live.history.revisions().getLast();
    assertThat(newest.cause()).isEqualTo("rollback to revision " + good);
    assertThat(newest.reasons().getFirst().text())
        .isEqualTo("pinned by alice until 2026-03-01T11:00:00Z: it fails");

    assertThat(rollbacks.lift("127.0.0.1")).hasValue(pin);

    assertThat(snapshot().sameAs(edited)).isTrue();
    assertThat(rollbacks.standing().held()).isEmpty();
    assertThat(requireNonNull(live.pipeline.statuses().get(ORDERS)).reason())
        .isEqualTo(PolicyStatus.Reason.ACCEPTED);
    assertThat(rollbacks.lift("127.0.0.1")).isEmpty();
  }

  @Test
  void itEndsByItself() {
    long good = newest();
    live.tell("orders.yaml", policy("orders", 7));
    rollbacks.roll(to(good));
    assertThat(routes()).doesNotContain(timeout(7));

    live.now = live.later.firstKey();
    live.later.firstEntry().getValue().run();

    assertThat(live.now).isEqualTo(LiveState.NOW.plus(Duration.ofHours(1)));
    assertThat(rollbacks.standing().pin()).isEmpty();
    assertThat(routes()).contains(timeout(7));
  }

  @Test
  void editsAreHeldBackMeanwhileAndComeIntoForceAfterwards() {
    long good = newest();
    live.tell("orders.yaml", policy("orders", 7));
    rollbacks.roll(to(good));
    Snapshot pinned = snapshot();

    live.tell("orders.yaml", policy("orders", 8));
    live.apply(List.of(new Remove(new OfDocumentKey(key("users")))));
    live.tell("third.yaml", policy("third", 3));

    assertThat(snapshot().sameAs(pinned)).isTrue();
    assertThat(rollbacks.standing().held())
        .extracting(it -> it.key().name() + " " + it.what())
        .containsExactly("orders EDITED", "third NEW", "users DELETED");
    rollbacks.lift("127.0.0.1");
    assertThat(routes()).contains(timeout(8)).doesNotContain(timeout(1));
  }

  @Test
  void instancesAndOverridesAreThoseOfNow() {
    long good = newest();
    live.tell("orders.yaml", policy("orders", 7));
    rollbacks.roll(to(good));

    live.tell("orders-service.yaml", LiveState.SERVICE.replace("10.0.0.1", "10.0.0.9"));
    assertThat(instances()).contains("10.0.0.9").doesNotContain("10.0.0.1");
    live.tell("orders-service.yaml", LiveState.SERVICE);
    live.tell("out.yaml", OVERRIDE);

    assertThat(instances()).doesNotContain("10.0.0.9");
    assertThat(live.pipeline.documents().all().keySet())
        .anyMatch(it -> it.kind() == Kind.INSTANCE_OVERRIDE);
    assertThat(rollbacks.standing().held()).hasSize(1);
  }

  private String instances() {
    Resource orders =
        snapshot()
            .resources(ResourceType.ENDPOINT)
            .tailMap("orders.shop")
            .values()
            .iterator()
            .next();
    return orders.message().toString();
  }

  @Test
  void thoseOfOneServiceAloneGoBackWhereItIsNamed() {
    long good = newest();
    live.tell("orders.yaml", policy("orders", 7));
    live.tell("users.yaml", policy("users", 9));

    rollbacks.roll(to(good, "orders"));

    assertThat(routes()).contains(timeout(9)).doesNotContain(timeout(7));
    live.tell("users.yaml", policy("users", 6));
    live.tell("orders.yaml", policy("orders", 5));
    assertThat(routes()).contains(timeout(6)).doesNotContain(timeout(5));
    assertThat(rollbacks.standing().held()).extracting(HeldBack::key).containsExactly(ORDERS);
  }

  @Test
  void aServiceIsMeantByItsNameWhereOneNamespaceHasItAndOtherwiseRefusedWithThoseThatAreNear() {
    long good = newest();
    live.tell("orders.yaml", policy("orders", 7));
    live.tell("gone.yaml", policy("billing", 3));
    live.tell("other.yaml", LiveState.SERVICE.replace("namespace: shop", "namespace: test"));
    live.tell("users-test.yaml", policy("users", 3).replace("namespace: shop", "namespace: test"));
    Pin standing = rollbacks.roll(to(good, "orders.shop"));

    assertThatThrownBy(() -> rollbacks.roll(to(good, "order.shop")))
        .hasMessage("no service \"order.shop\" is known; did you mean orders.shop or orders.test?");
    assertThatThrownBy(() -> rollbacks.roll(to(good, "users.default")))
        .hasMessageContaining("did you mean users.test or users.shop?");
    assertThatThrownBy(() -> rollbacks.tried(to(good, "nosuch")))
        .isInstanceOf(RefusedException.class)
        .hasMessage("no service \"nosuch\" is known; see /v1/services (sluice get services)");
    assertThatThrownBy(() -> rollbacks.tried(to(good, "orders")))
        .hasMessage(
            "several namespaces have a service \"orders\"; write orders.shop or orders.test");

    assertThat(rollbacks.standing().pin()).hasValue(standing);
    assertThat(rollbacks.roll(to(good, "billing", "users.shop")).services())
        .as("billing has a policy alone")
        .containsExactly(new ServiceId("billing", "shop"), new ServiceId("users", "shop"));
  }

  @Test
  void aServiceThatIsGoneIsKnownByThePolicyOfThen() {
    live.tell("gone.yaml", policy("billing", 3));
    long good = newest();
    live.apply(List.of(new Remove(new OfDocumentKey(key("billing")))));

    Pin pin = rollbacks.roll(to(good, "billing"));

    assertThat(pin.services()).containsExactly(new ServiceId("billing", "shop"));
    assertThat(live.pipeline.documents().document(key("billing"))).isPresent();
  }

  @Test
  void whatItWouldChangeIsWhatItChanges() {
    long good = newest();
    live.tell("orders.yaml", policy("orders", 7));
    Snapshot before = snapshot();

    var tried = rollbacks.tried(to(good));

    assertThat(tried.summary()).isEqualTo("2 proxies, 1 route changed");
    assertThat(snapshot()).isEqualTo(before);
    Resource after = tried.groups().getFirst().resources().getFirst().after().orElseThrow();
    rollbacks.roll(to(good));
    assertThat(snapshot().resources(ResourceType.ROUTE).values()).containsExactly(after);
    assertThat(rollbacks.triedLift().summary()).isEqualTo("2 proxies, 1 route changed");
  }

  @Test
  void whatIsPinnedHoldsFromTheFirstSnapshotAfterARestart() throws IOException {
    History history = History.in(folder, DocumentParser.reader());
    begin(history);
    documents();
    long good = newest();
    live.tell("orders.yaml", policy("orders", 7));
    kept().roll(to(good));
    Snapshot pinned = snapshot();
    history.close();

    History again = History.in(folder, DocumentParser.reader());
    begin(again);
    kept().resume();
    live.tell(
        "all.yaml",
        String.join(
            "---\n",
            LiveState.SERVICE,
            LiveState.SERVICE.replace("name: orders", "name: users"),
            policy("orders", 7),
            policy("users", 1)));

    assertThat(again.revisions().getLast().id()).isGreaterThan(good);
    assertThat(snapshot().sameAs(pinned)).isTrue();
    assertThat(kept().standing().held()).extracting(HeldBack::key).containsExactly(ORDERS);
    assertThat(live.later).hasSize(1);
    kept().lift("127.0.0.1");
    assertThat(Files.exists(folder.resolve("rollback.json"))).isFalse();
    again.close();
  }

  @Test
  void oneThatHasEndedMeanwhileIsNotResumed() throws IOException {
    long good = newest();
    kept().roll(to(good));
    begin(History.inMemory());
    live.now = LiveState.NOW.plus(Duration.ofHours(1));

    kept().resume();

    assertThat(live.pipeline.pin()).isEmpty();
    assertThat(Files.exists(folder.resolve("rollback.json"))).isFalse();
  }

  private void begin(History history) {
    live = new LiveState(history);
    web = live.sidecars("web", 2);
  }

  private Rollbacks kept() {
    return Rollbacks.in(
        folder, DocumentParser.reader(), live.facts(), Rollbacks.Writing.ON, () -> live.now);
  }

  @Test
  void whatCannotBeIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> rollbacks.roll(to(newest() + 1)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("is not remembered; 'sluice history' shows those that are");
    RollbackRequest tooLong =
        new RollbackRequest(1, new TreeSet<>(), Duration.ofHours(25), "", "alice", "127.0.0.1");
    assertThatThrownBy(() -> rollbacks.roll(tooLong)).hasMessage("expiresIn is not within 1s..24h");
    Rollbacks off = Rollbacks.inMemory(live.facts(), Rollbacks.Writing.OFF, Instant::now);
    assertThatThrownBy(() -> off.roll(to(1))).hasMessageContaining("admin.writes: false");
    assertThatThrownBy(() -> off.lift("127.0.0.1")).hasMessageContaining("admin.writes: false");
    assertThat(live.pipeline.pin()).isEmpty();
  }

  @Test
  void howeverEditsPinsAndLiftsFollowOneAnotherWhatHoldsIsWhatAFreshServerWouldHave() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> names = List.of("orders", "users", "third");
    Map<String, String> texts = new TreeMap<>();
    names.forEach(name -> texts.put(name, policy(name, 1)));
    texts.forEach((name, text) -> live.tell(name + ".yaml", text));
    for (int step = 0; step < 200; step++) {
      String name = names.get(random.nextInt(names.size()));
      switch (random.nextInt(5)) {
        case 0 -> {
          long revision = Math.max(1, newest() - random.nextInt(20));
          if (live.history.at(revision).isPresent()) {
            boolean known =
                texts.containsKey(name)
                    || !name.equals("third")
                    || live.history
                        .at(revision)
                        .orElseThrow()
                        .documents()
                        .all()
                        .containsKey(key(name));
            rollbacks.roll(random.nextBoolean() || !known ? to(revision) : to(revision, name));
          }
        }
        case 1 -> rollbacks.lift("127.0.0.1");
        case 2 -> {
          live.apply(List.of(new Remove(new OfDocumentKey(key(name)))));
          texts.remove(name);
        }
        default -> {
          String text = policy(name, 1 + random.nextInt(50));
          live.tell(name + ".yaml", text);
          texts.put(name, text);
        }
      }
      LiveState fresh = new LiveState();
      NodeGroup group = fresh.sidecars("web", 2);
      live.pipeline.pin().ifPresent(pin -> fresh.pipeline.pin(Optional.of(pin), why()));
      List<String> all = new ArrayList<>(texts.values());
      all.add(LiveState.SERVICE);
      all.add(LiveState.SERVICE.replace("name: orders", "name: users"));
      fresh.tell("all.yaml", String.join("---\n", all));
      assertThat(snapshot().sameAs(fresh.store.current(group).orElseThrow()))
          .as("step %d of seed %d", step, seed)
          .isTrue();
      assertThat(rollbacks.standing().held().stream().map(it -> it.key() + " " + it.what()))
          .as("step %d of seed %d", step, seed)
          .containsExactlyElementsOf(
              fresh.pipeline.heldBack().stream().map(it -> it.key() + " " + it.what()).toList());
    }
  }

  private static Reason why() {
    return new Reason(Reason.Kind.ROLLBACK, "", "", new TreeSet<>());
  }
}
