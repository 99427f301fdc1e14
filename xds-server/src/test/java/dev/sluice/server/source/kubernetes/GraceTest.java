package dev.sluice.server.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.kubernetes.Grace.Seen;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GraceTest {
  private static final ServiceId ID = new ServiceId("orders", "shop");
  private static final SourceName SOURCE = new SourceName("kubernetes", "test");
  private static final Service ONE = service(healthy("10.0.0.1"));
  private static final Service TWO = service(healthy("10.0.0.1"), healthy("10.0.0.2"));
  private static final Service EMPTY = service();

  /** Times may be negative, and run over the highest number. */
  private static final long START = Long.MAX_VALUE - millis(10);

  private final Grace grace = new Grace(Duration.ofSeconds(60));

  @Test
  void whatANewListLacksStaysForAWhileAndThenGoes() {
    assertThat(tell(doubtful(TWO, EMPTY), START)).isEqualTo(TWO);
    assertThat(grace.held()).containsExactly(Map.entry(ID, START + millis(60_000)));
    assertThat(grace.next()).hasValue(START + millis(60_000));
    assertThat(grace.due(START + millis(59_999))).isEmpty();
    assertThat(tell(certain(TWO, EMPTY), START + millis(59_999))).isEqualTo(TWO);

    assertThat(grace.due(START + millis(60_000))).containsExactly(ID);
    assertThat(tell(certain(TWO, EMPTY), START + millis(60_000))).isEqualTo(EMPTY);
    assertThat(grace.held()).isEmpty();
    assertThat(grace.next()).isEmpty();
  }

  @Test
  void aServiceThatANewListLacksStaysAsWell() {
    assertThat(tell(doubtful(TWO, null), START)).isEqualTo(TWO);
    assertThat(tell(certain(TWO, null), START + millis(60_000))).isNull();
  }

  @Test
  void aSecondListThatLacksItDoesNotProlongIt() {
    tell(doubtful(TWO, EMPTY), START);
    tell(doubtful(TWO, EMPTY), START + millis(30_000));

    assertThat(grace.held()).containsValue(START + millis(60_000));
  }

  @Test
  void instancesThatComeEndTheHold() {
    tell(doubtful(TWO, EMPTY), START);

    assertThat(tell(certain(TWO, ONE), START + 1)).isEqualTo(ONE);
    assertThat(grace.held()).isEmpty();
  }

  @Test
  void whatTheApiServerTellsOfTheServiceItselfEndsTheHold() {
    tell(doubtful(TWO, EMPTY), START);
    grace.certain(ID);

    assertThat(tell(certain(TWO, EMPTY), START + 1)).isEqualTo(EMPTY);
  }

  @Test
  void nothingIsHeldThatIsToldOrWasNotReadyOrShallNotBe() {
    assertThat(tell(certain(TWO, EMPTY), START)).as("told").isEqualTo(EMPTY);
    Service unready = service(endpoint("10.0.0.1", Health.UNHEALTHY));
    assertThat(tell(doubtful(unready, EMPTY), START)).as("not ready").isEqualTo(EMPTY);
    assertThat(tell(doubtful(TWO, ONE), START)).as("some are left").isEqualTo(ONE);
    assertThat(new Grace(Duration.ZERO).tell(ID, doubtful(TWO, EMPTY), START))
        .as("not wanted")
        .contains(EMPTY);
  }

  @Test
  void anInstanceOfSeveralSlicesStaysForAMoment() {
    assertThat(tell(severalSlices(TWO, ONE), START)).isEqualTo(TWO);
    assertThat(grace.next()).hasValue(START + millis(200));
    assertThat(tell(severalSlices(TWO, ONE), START + millis(100))).isEqualTo(TWO);
    assertThat(grace.due(START + millis(199))).isEmpty();

    assertThat(grace.due(START + millis(200))).containsExactly(ID);
    assertThat(tell(severalSlices(TWO, ONE), START + millis(200))).isEqualTo(ONE);
    assertThat(grace.next()).isEmpty();
  }

  @Test
  void anInstanceThatArrivesInItsOtherSliceIsNotThereTwice() {
    tell(severalSlices(TWO, ONE), START);

    assertThat(tell(severalSlices(TWO, TWO), START + millis(50))).isEqualTo(TWO);
    assertThat(grace.next()).isEmpty();
  }

  @Test
  void anInstanceThatArrivesUnreadyIsUnreadyAtOnce() {
    Service unready = service(healthy("10.0.0.1"), endpoint("10.0.0.2", Health.UNHEALTHY));
    tell(severalSlices(TWO, ONE), START);

    assertThat(tell(severalSlices(TWO, unready), START + 1)).isEqualTo(unready);
  }

  @Test
  void anInstanceOfASingleSliceOrThatDrainsGoesAtOnce() {
    assertThat(tell(certain(TWO, ONE), START)).isEqualTo(ONE);
    Service draining = service(healthy("10.0.0.1"), endpoint("10.0.0.2", Health.DRAINING));
    assertThat(tell(severalSlices(draining, ONE), START)).isEqualTo(ONE);
  }

  @Test
  void aServiceThatGoesWhileAnInstanceMovesLeavesNothingToLookAtAgain() {
    tell(severalSlices(TWO, ONE), START);

    assertThat(tell(severalSlices(TWO, null), START + millis(50))).isNull();
    assertThat(grace.next()).isEmpty();
    assertThat(grace.due(START + millis(500))).isEmpty();
  }

  @Test
  void aListThatShowsInstancesOfWhichNoneIsReadyIsAsDoubtfulAsAnEmptyOne() {
    Service unready = service(endpoint("10.0.0.1", Health.UNHEALTHY));

    assertThat(tell(doubtful(TWO, unready), START)).isEqualTo(TWO);
    grace.certain(ID);
    assertThat(tell(certain(TWO, unready), START + 1)).as("told").isEqualTo(unready);
  }

  private @Nullable Service tell(Seen seen, long at) {
    return grace.tell(ID, seen, at).orElse(null);
  }

  private static Seen certain(Service told, @Nullable Service now) {
    return new Seen(told, now, false, false);
  }

  private static Seen doubtful(Service told, @Nullable Service now) {
    return new Seen(told, now, true, false);
  }

  private static Seen severalSlices(Service told, @Nullable Service now) {
    return new Seen(told, now, false, true);
  }

  private static Service service(Endpoint... endpoints) {
    return new Service(ID, List.of(), List.of(endpoints));
  }

  private static Endpoint healthy(String address) {
    return endpoint(address, Health.HEALTHY);
  }

  private static Endpoint endpoint(String address, Health health) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 8080)),
        Collections.emptySortedMap(),
        1,
        Locality.UNKNOWN,
        health,
        SOURCE);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
