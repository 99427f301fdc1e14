package dev.sluice.server.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.overrides.OverrideRequest.Care;
import dev.sluice.server.overrides.OverrideRequest.Doing;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeptTest {
  private static final ServiceId ORDERS = new ServiceId("orders", "shop");
  private static final Match WHOLE = new Match("10.0.0.1", null, new TreeMap<>());
  private final FakeViews views = new FakeViews();
  private final Overrides overrides = views.overrides();
  private final Overrides replica = views.overrides();
  private final MemoryStore files = (MemoryStore) views.stores.getFirst();
  private final MemoryStore consul = (MemoryStore) views.stores.getLast();

  @BeforeEach
  void twoMachines() {
    views.tell(
        FakeViews.CONSUL,
        new Service(
            ORDERS,
            List.of(new ServicePort("http", 80, null)),
            List.of(endpoint("10.0.0.1"), endpoint("10.0.0.2"))));
  }

  @Test
  void whatNoSourceHasReadYetIsRestored() {
    consul.lag();
    overrides.drain(request("10.0.0.1"), Wish.DRAIN);

    Restored restored = replica.restore(request("10.0.0.1"));

    assertThat(restored.removed())
        .singleElement()
        .matches(it -> it.source().equals(Optional.of(FakeViews.CONSUL)));
    consul.catchUp();
    assertThat(written()).isEmpty();
  }

  @Test
  void theLastHealthyInstanceIsKnownBeforeTheOthersDrainIsRead() {
    consul.lag();
    overrides.drain(request("10.0.0.1"), Wish.DRAIN);

    refused(
        Why.CONFLICT,
        () -> overrides.drain(request("10.0.0.2"), Wish.DRAIN),
        "10.0.0.2:8080 is the last healthy instance");
    refused(
        Why.CONFLICT,
        () -> replica.drain(request("10.0.0.2"), Wish.DRAIN),
        "10.0.0.2:8080 is the last healthy instance");
  }

  @Test
  void whatWasRestoredCountsBeforeThatIsRead() {
    overrides.drain(request("10.0.0.1"), Wish.DRAIN);
    consul.lag();
    overrides.restore(request("10.0.0.1"));

    assertThat(overrides.drain(request("10.0.0.2"), Wish.DRAIN).warnings()).isEmpty();
  }

  @Test
  void aSecondDrainChangesTheFirstBeforeThatIsRead() {
    consul.lag();
    overrides.drain(from("consul/dc1"), Wish.DRAIN);

    refused(
        Why.CONFLICT,
        () -> overrides.drain(from("file/files"), Wish.DRAIN),
        "is in consul/dc1 already");
  }

  @Test
  void whatSomebodyElseRemovedIsGoneAlready() {
    overrides.drain(request("10.0.0.1"), Wish.DRAIN);
    consul.lag();
    overrides.restore(request("10.0.0.1"));

    Restored again = replica.restore(request("10.0.0.1"));

    assertThat(again.removed()).isEmpty();
    assertThat(again.gone()).hasSize(1);
    consul.catchUp();
    assertThat(replica.restore(request("10.0.0.1")).gone()).isEmpty();
  }

  @Test
  void aStoreThatCannotBeAskedIsNamed() {
    files.blind = true;

    refused(
        Why.STORE,
        () -> overrides.restore(request("10.0.0.1")),
        "not every store could be asked: file/files: out of reach");
    assertThat(overrides.drain(request("10.0.0.1"), Wish.DRAIN).warnings())
        .containsExactly("what was drained just now may be unknown here: file/files: out of reach");
    assertThat(overrides.restore(request("10.0.0.1")).removed()).hasSize(1);
  }

  @Test
  void whatWasRemovedBeforeAFailureIsNamed() {
    drainTwice();
    consul.refusing = true;

    refused(
        Why.STORE,
        () -> overrides.restore(request("10.0.0.1")),
        "consul/dc1: it stays; removed before that: " + DrainName.of(ORDERS, WHOLE));
  }

  @Test
  void whereOneCannotBeRemovedNoneIs() {
    drainTwice();
    Overrides one =
        Overrides.in(List.of(consul), DocumentParser.reader(), views.facts(), () -> FakeViews.NOON);

    refused(
        Why.STORE,
        () -> one.restore(request("10.0.0.1")),
        "is where this server does not write; remove it by hand");
    assertThat(written()).hasSize(2);
  }

  /** Once with its port, once without. */
  private void drainTwice() {
    overrides.drain(from("consul/dc1"), Wish.DRAIN);
    Drain other =
        new Drain(DrainName.of(ORDERS, WHOLE), "orders", WHOLE, Wish.DRAIN, FakeViews.NOON);
    files.write(other, Optional.empty(), Optional.empty());
  }

  @Test
  void whoWaitsLongForAnotherOneIsRefused() {
    List<Throwable> thrown = new ArrayList<>();
    consul.beforeWrite =
        () ->
            CompletableFuture.runAsync(
                    () -> overrides.drain(request("10.0.0.2"), Wish.DRAIN),
                    Thread::startVirtualThread)
                .exceptionally(
                    e -> {
                      thrown.add(e.getCause());
                      return null;
                    })
                .join();

    overrides.drain(request("10.0.0.1"), Wish.DRAIN);

    assertThat(thrown)
        .singleElement()
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.UNAVAILABLE))
        .asString()
        .contains("another drain or restore is being written; try again");
  }

  private static void refused(Why why, ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.why()).as("%s", e).isEqualTo(why))
        .hasMessageContaining(words);
  }

  private List<InstanceOverride> written() {
    return views.image.documents().all().values().stream()
        .filter(InstanceOverride.class::isInstance)
        .map(InstanceOverride.class::cast)
        .toList();
  }

  private static OverrideRequest request(String instance) {
    return new OverrideRequest("orders", instance, Optional.empty(), Care.REFUSE, Doing.DO, "test");
  }

  private static OverrideRequest from(String source) {
    return new OverrideRequest(
        "orders", "10.0.0.1", Optional.of(source), Care.REFUSE, Doing.DO, "test");
  }

  private static Endpoint endpoint(String address) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 8080)),
        new TreeMap<>(),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        FakeViews.CONSUL);
  }
}
