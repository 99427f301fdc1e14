package dev.sluice.server.source.consul;

import static dev.sluice.server.source.consul.Instance.State.CRITICAL;
import static dev.sluice.server.source.consul.Instance.State.OUT;
import static dev.sluice.server.source.consul.Instance.State.PASSING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Locality;
import dev.sluice.server.source.consul.Instance.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Outage outage = new Outage(Duration.ofSeconds(60));

  static List<Instance> instances(State... states) {
    List<Instance> instances = new ArrayList<>();
    for (int i = 0; i < states.length; i++) {
      instances.add(
          new Instance(
              "node",
              "one-" + i,
              "10.0.0." + i,
              8080,
              new TreeMap<>(),
              1,
              Locality.UNKNOWN,
              states[i],
              OptionalInt.empty(),
              Optional.empty()));
    }
    return instances;
  }

  private List<State> doubt(List<Instance> before, List<Instance> now, long at) {
    return outage.doubt("orders", before, now, at).stream().map(Instance::state).toList();
  }

  @Test
  void instancesThatBecomeCriticalAtOnceStayForAWhile() {
    List<Instance> well = instances(PASSING, PASSING, CRITICAL);
    List<Instance> ill = instances(CRITICAL, CRITICAL, CRITICAL);
    assertThat(doubt(well, ill, 0)).containsExactly(PASSING, PASSING, CRITICAL);
    assertThat(outage.held(0)).containsEntry("orders", 60 * SECOND);
    assertThat(outage.next(0)).hasValue(60 * SECOND);

    assertThat(doubt(ill, ill, 59 * SECOND)).containsExactly(PASSING, PASSING, CRITICAL);
    assertThat(outage.due(59 * SECOND, 60 * SECOND)).isEqualTo(Set.of("orders"));
    assertThat(doubt(ill, ill, 60 * SECOND)).containsOnly(CRITICAL);
    assertThat(doubt(ill, ill, 90 * SECOND)).as("not held again").containsOnly(CRITICAL);
    assertThat(outage.held(90 * SECOND)).isEmpty();
  }

  @Test
  void theyAreHeldAlsoWhereConsulTellsOfThemOneAfterTheOther() {
    List<Instance> all = instances(PASSING, PASSING, PASSING);
    List<Instance> two = instances(CRITICAL, PASSING, PASSING);
    List<Instance> one = instances(CRITICAL, CRITICAL, PASSING);
    List<Instance> none = instances(CRITICAL, CRITICAL, CRITICAL);
    assertThat(doubt(all, two, 0)).containsExactly(CRITICAL, PASSING, PASSING);
    assertThat(doubt(two, one, 5 * SECOND)).containsExactly(CRITICAL, CRITICAL, PASSING);
    assertThat(doubt(one, none, 12 * SECOND))
        .as("the first was ill too long before")
        .containsExactly(CRITICAL, PASSING, PASSING);
  }

  @Test
  void theLastOfOneIsBelieved() {
    assertThat(doubt(instances(PASSING), instances(CRITICAL), 0)).containsExactly(CRITICAL);
    assertThat(doubt(instances(PASSING, CRITICAL), instances(CRITICAL, CRITICAL), 0))
        .containsOnly(CRITICAL);
  }

  @Test
  void whatIsTakenOutByHandIsNotHeld() {
    assertThat(doubt(instances(PASSING, PASSING), instances(OUT, OUT), 0)).containsOnly(OUT);
    List<Instance> ill = instances(CRITICAL, CRITICAL);
    assertThat(doubt(instances(PASSING, PASSING), ill, 0)).containsOnly(PASSING);
    assertThat(doubt(ill, instances(OUT, CRITICAL), SECOND)).containsExactly(OUT, PASSING);
  }

  @Test
  void untilHalfOfThemPassAgainTheOthersBearTheTrafficToo() {
    List<Instance> ill = instances(CRITICAL, CRITICAL, CRITICAL, CRITICAL, CRITICAL);
    List<Instance> one = instances(PASSING, CRITICAL, CRITICAL, CRITICAL, CRITICAL);
    List<Instance> three = instances(PASSING, PASSING, PASSING, CRITICAL, CRITICAL);
    List<Instance> well = instances(PASSING, PASSING, PASSING, PASSING, PASSING);
    assertThat(doubt(well, ill, 0)).containsOnly(PASSING);
    assertThat(doubt(ill, one, 20 * SECOND)).containsOnly(PASSING);
    assertThat(doubt(one, ill, 40 * SECOND)).as("the one fell again").containsOnly(PASSING);
    assertThat(outage.held(40 * SECOND)).containsEntry("orders", 60 * SECOND);
    assertThat(doubt(ill, three, 50 * SECOND))
        .containsExactly(PASSING, PASSING, PASSING, CRITICAL, CRITICAL);
    assertThat(outage.held(50 * SECOND)).isEmpty();
  }

  @Test
  void oneOfTwoThatPassesAgainEndsIt() {
    List<Instance> ill = instances(CRITICAL, CRITICAL);
    assertThat(doubt(instances(PASSING, PASSING), ill, 0)).containsOnly(PASSING);
    assertThat(doubt(ill, instances(PASSING, CRITICAL), SECOND)).containsExactly(PASSING, CRITICAL);
    assertThat(outage.held(SECOND)).isEmpty();
  }

  @Test
  void itCanBeTurnedOff() {
    Outage off = new Outage(Duration.ZERO);
    assertThat(off.doubt("orders", instances(PASSING, PASSING), instances(CRITICAL, CRITICAL), 0))
        .extracting(Instance::state)
        .containsOnly(CRITICAL);
  }
}
