package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.conditions.Condition;
import dev.sluice.server.conditions.Condition.Holds;
import dev.sluice.server.conditions.StatusObject;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.server.conditions.WantedStatus;
import dev.sluice.server.conditions.consul.ReplicaKeys;
import dev.sluice.server.conditions.consul.SessionLock;
import dev.sluice.server.conditions.consul.StatusKeys;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulAccess.Scope;
import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.consul.ConsulAccess.Token;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.StatusNames;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real Consul makes of locks, of replicas' reports and of statuses. */
@NeedsConsul
class ConsulStatusStoreTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int MOST = 4_000;
  private static final String KEY = "sluice/policies/shop/orders.yaml";
  private static final String STATUS = "sluice/policies-status/shop/orders.yaml";
  private static final StatusNames NAMES =
      new StatusNames("sluice/policies/", "sluice/policies-status/");

  @TempDir static Path folder;
  private static ConsulServer consul;

  private ConsulClient client;
  private SessionLock lock;
  private StatusKeys store;

  @BeforeAll
  static void startConsul() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    consul =
        ConsulServer.start(
            folder.resolve("consul"),
            ConsulOptions.of("dc1")
                .with(
                    "{\"limits\": {\"kv_max_value_size\": %d, \"txn_max_req_len\": %d}}"
                        .formatted(MOST, MOST)));
  }

  @AfterAll
  static void stopConsul() {
    Awaitility.reset();
    consul.close();
  }

  @BeforeEach
  void lead() throws IOException {
    client = new ConsulClient(ConsulAccess.of(URI.create(consul.address())));
    lock = new SessionLock(client, NAMES.lock(), "one");
    store = new StatusKeys(client, NAMES, lock);
    lock.start();
    await().until(lock::isLeader);
    store.begin();
  }

  @AfterEach
  void follow() {
    lock.close();
    client.close();
    consul.api().deleteKey(STATUS);
  }

  private static WantedStatus wanted(int programmed, String message) {
    StatusObject status =
        new StatusObject(
            7,
            List.of(new Condition("Programmed", Holds.TRUE, "Programmed", message)),
            programmed,
            programmed,
            "");
    return new WantedStatus(
        KEY,
        "uid",
        7,
        List.of(Problem.warning(new Location("consul/dc1/" + KEY, 3, 5), "$.spec", "is odd")),
        new TreeMap<>(Map.of(new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders"), status)));
  }

  private static String status() {
    return consul.api().getKey(STATUS).orElse("");
  }

  private static long edition() {
    return new ConsulStatuses(consul.api()).modifyIndex(STATUS);
  }

  @Test
  void aStatusIsWrittenWhereItDiffersAlsoByTheNextWhoLeads() throws Exception {
    assertThat(store.look(Set.of(KEY), 0)).isEmpty();
    assertThat(store.write(wanted(1, "all"))).isTrue();
    assertThat(status())
        .contains(
            """
            {
              "key": "sluice/policies/shop/orders.yaml",
              "modifyIndex": 7,
              "problems": [
                {
                  "line": 3,
                  "column": 5,
                  "path": "$.spec",
                  "message": "is odd",
                  "severity": "warning"
                }
              ],
              "documents": [
                {
                  "kind": "TrafficPolicy",
                  "namespace": "shop",
                  "name": "orders",
                  "status": {
                    "observedGeneration": 7,
            """,
            "\"programmed\": \"1/1\"");
    long edition = edition();
    assertThat(store.write(wanted(1, "all"))).isTrue();
    StatusKeys next = new StatusKeys(client, NAMES, lock);
    next.begin();
    assertThat(next.look(Set.of(KEY), 0)).isEmpty();
    assertThat(next.write(wanted(1, "all"))).isTrue();
    assertThat(edition()).isEqualTo(edition);

    assertThat(next.write(wanted(2, "all"))).isTrue();
    assertThat(edition()).isGreaterThan(edition);
  }

  @Test
  void whatSomebodyElseHasWrittenIsReadBeforeItIsWrittenOver() throws Exception {
    assertThat(store.look(Set.of(KEY), 0)).isEmpty();
    consul.api().putKey(STATUS, "newer");
    assertThat(store.write(wanted(1, "all"))).isFalse();
    assertThat(status()).isEqualTo("newer");
    assertThat(store.write(wanted(1, "all"))).isTrue();
    assertThat(status()).contains("1/1");
  }

  @Test
  void whatWasChangedOrDeletedByHandIsFoundOutWithinAMinute() throws Exception {
    assertThat(store.look(Set.of(KEY), 0)).isEmpty();
    assertThat(store.write(wanted(1, "all"))).isTrue();
    consul.api().putKey(STATUS, "by hand");
    assertThat(store.look(Set.of(KEY), MINUTE - 1)).isEmpty();
    assertThat(store.look(Set.of(KEY), MINUTE)).containsExactly(KEY);
    assertThat(store.write(wanted(1, "all"))).isTrue();
    assertThat(status()).contains("1/1");

    consul.api().deleteKey(STATUS);
    assertThat(store.look(Set.of(KEY), 2 * MINUTE)).containsExactly(KEY);
    assertThat(store.write(wanted(1, "all"))).isTrue();
    assertThat(store.look(Set.of(KEY), 3 * MINUTE)).isEmpty();
    assertThat(status()).contains("1/1");
  }

  @Test
  void theStatusOfAKeyThatIsGoneGoesAndNothingElse() throws Exception {
    consul.api().putKey("sluice/policies-status/notes", "of somebody's");
    assertThat(store.look(Set.of(KEY), 0)).isEmpty();
    assertThat(store.write(wanted(1, "all"))).isTrue();
    assertThat(store.look(Set.of(), 1)).isEmpty();
    assertThat(edition()).isZero();
    assertThat(consul.api().getKey("sluice/policies-status/notes")).contains("of somebody's");
    consul.api().deleteKey("sluice/policies-status/notes");
  }

  @Test
  void whoHoldsTheLockNoMoreWritesNothing() throws Exception {
    assertThat(store.look(Set.of(KEY), 0)).isEmpty();
    String session = new ConsulStatuses(consul.api()).leader();
    consul.api().put("/v1/session/destroy/" + session, "");
    assertThat(store.write(wanted(1, "all"))).isFalse();
    assertThat(edition()).isZero();
    await().until(() -> store.write(wanted(1, "all"))); // Once it has another session.
    assertThat(new ConsulStatuses(consul.api()).leader()).isNotEqualTo(session);
  }

  @Test
  void aStatusThatIsLargerThanConsulTakesIsToldAndTriedAgainAfterAMinute() throws Exception {
    WantedStatus large = wanted(1, "x".repeat(MOST));
    assertThat(store.look(Set.of(KEY), 0)).isEmpty();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.write(large))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.extent()).isEqualTo(Extent.SIZE))
          .hasMessage(
              "4 kB are more than Consul takes for a value (413); divide its documents among"
                  + " several keys, or raise limits.txn_max_req_len of its agents");
    }
    assertThat(store.write(wanted(1, "all"))).isTrue();
  }

  @Test
  void whoWaitsLeadsAtOnceWhenTheLockIsGivenBack() throws Exception {
    try (ConsulClient other = new ConsulClient(ConsulAccess.of(URI.create(consul.address())));
        SessionLock waiting = new SessionLock(other, NAMES.lock(), "two")) {
      waiting.start();
      await().until(waiting::isFollower);
      assertThat(lock.isLeader()).isTrue();
      lock.close();
      assertThat(lock.isLeader()).isFalse();
      // Consul's own lock-delay would be fifteen seconds.
      await().atMost(Duration.ofSeconds(5)).until(waiting::isLeader);
    }
  }

  @Test
  void whatAReplicaLeavesIsReadAndGoesWithItsSession() throws Exception {
    ReplicaKeys board = new ReplicaKeys(client, NAMES.replicas(), "one", lock);
    board.open();
    try (ConsulClient other = new ConsulClient(ConsulAccess.of(URI.create(consul.address())));
        SessionLock waiting = new SessionLock(other, NAMES.lock(), "two")) {
      ReplicaKeys its = new ReplicaKeys(other, NAMES.replicas(), "two", waiting);
      assertThatThrownBy(() -> its.leave("a"))
          .hasMessage("there is no session by now; trying again");
      waiting.start();
      await().until(waiting::isFollower);
      its.leave("a");
      assertThat(its.isLeft()).isTrue();
      await().until(() -> board.isListed() && board.others().equals(Map.of("two", "a")));
      its.leave("b");
      await().until(() -> board.isListed() && board.others().equals(Map.of("two", "b")));
      assertThat(board.ask()).isEqualTo(Map.of("two", "b"));
      assertThatThrownBy(() -> its.leave("x".repeat(MOST + 1)))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.extent()).isEqualTo(Extent.SIZE));
      its.withdraw();
      await().until(() -> board.isListed() && board.others().isEmpty());
      its.leave("c");
      await().until(() -> board.isListed() && !board.others().isEmpty());
    }
    await().until(() -> board.isListed() && board.others().isEmpty());
    board.shut();
  }

  /** Through a server of another data centre, whose own node is not known there. */
  @Test
  void aSessionCanBeInADataCentreThatIsNotTheAgents() throws Exception {
    try (ConsulServer south =
            ConsulServer.start(
                folder.resolve("south"), ConsulOptions.of("south").federatedWith(consul));
        ConsulClient through =
            new ConsulClient(
                new ConsulAccess(
                    URI.create(south.address()),
                    new Token.None(),
                    Tls.USUAL,
                    Optional.of("dc1"),
                    Scope.ALL,
                    Consistency.DEFAULT));
        SessionLock waiting = new SessionLock(through, NAMES.lock(), "far")) {
      await().until(() -> south.api().inDatacenter("dc1").tryGet("/v1/catalog/services").ok());
      waiting.start();
      await().until(waiting::isFollower);
      lock.close();
      await().until(waiting::isLeader);
    }
  }
}
