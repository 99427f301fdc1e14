package dev.sluice.server.overrides;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.InstanceOverride.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DrainTest {
  private static final ServiceId ORDERS = new ServiceId("orders", "shop");
  private static final Match MACHINE = new Match("10.0.0.7:8080", null, new TreeMap<>());

  @Test
  void theDocumentIsReadAsItWasMeant() {
    String reason = "it \"leaks\":\n# a lot\u0007 – \u202e naïve \\ {x}";
    Wish wish =
        new Wish(
            Optional.of(State.DRAIN),
            OptionalInt.of(3),
            Optional.of(Duration.ofMinutes(90)),
            Optional.of(reason),
            Optional.of("anna"));

    Drain drain = drain(MACHINE, wish);
    InstanceOverride read = (InstanceOverride) MemoryStore.read("x.yaml", drain.yaml());

    assertThat(read.key()).isEqualTo(drain.key());
    assertThat(read.spec())
        .isEqualTo(
            new InstanceOverride.Spec("orders", MACHINE, State.DRAIN, 3, Duration.ofMinutes(90)));
    assertThat(read.expiresAt()).contains(Instant.parse("2026-01-31T13:30:00Z"));
    assertThat(Drain.wrote(read)).isTrue();
    assertThat(drain.yaml()).contains("sluice.dev/reason: \"it \\\"leaks\\\":\\u000A# a lot");
    assertThat(drain.yaml().lines()).allMatch(line -> line.chars().allMatch(it -> it >= ' '));
  }

  @Test
  void wordsThatAnotherYamlTakesForSomethingElseAreQuoted() {
    Match pod = new Match(null, "null", new TreeMap<>());

    InstanceOverride read =
        (InstanceOverride) MemoryStore.read("x.yaml", drain(pod, Wish.DRAIN).yaml());

    assertThat(read.spec().match()).isEqualTo(pod);
    assertThat(drain(new Match(null, "1e3", new TreeMap<>()), Wish.DRAIN).yaml())
        .contains("pod: \"1e3\"");
  }

  @Test
  void theNameIsThatOfTheInstanceAndAlwaysTheSame() {
    DocumentKey machine = DrainName.of(ORDERS, MACHINE);

    assertThat(machine.namespace()).isEqualTo("shop");
    assertThat(machine.name()).matches("drain-orders-10-0-0-7-8080-[0-9a-f]{8}");
    assertThat(DrainName.of(ORDERS, MACHINE)).isEqualTo(machine);
    assertThat(DrainName.of(ORDERS, new Match("10.0.0.7", null, new TreeMap<>())).name())
        .isNotEqualTo(machine.name());
    assertThat(DrainName.of(new ServiceId("orders", "edge"), MACHINE).name())
        .isNotEqualTo(machine.name());
    assertThat(DrainName.of(ORDERS, new Match("[2001:db8::1]:80", null, new TreeMap<>())).name())
        .matches("drain-orders-2001-db8-1-80-[0-9a-f]{8}");
  }

  @Test
  void aLongNameIsCutAndStaysADnsLabelOfItsOwn() {
    String long1 = "a".repeat(120) + "1";
    String long2 = "a".repeat(120) + "2";

    List<String> names =
        List.of(
            DrainName.of(ORDERS, new Match(null, long1, new TreeMap<>())).name(),
            DrainName.of(ORDERS, new Match(null, long2, new TreeMap<>())).name());

    assertThat(names).doesNotHaveDuplicates().allMatch(it -> it.length() <= 63);
    assertThat(names).allMatch(it -> it.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"));
  }

  @Test
  void itsTimeBeginsAtTheNextFullSecondSoThatNothingOfItIsLost() {
    Instant now = Instant.parse("2026-01-31T12:00:00.001Z");
    Wish short1 =
        new Wish(
            Optional.of(State.DRAIN),
            OptionalInt.empty(),
            Optional.of(Duration.ofSeconds(1)),
            Optional.empty(),
            Optional.empty());

    Drain drain = new Drain(DrainName.of(ORDERS, MACHINE), "orders", MACHINE, short1, now);
    InstanceOverride read = (InstanceOverride) MemoryStore.read("x.yaml", drain.yaml());

    assertThat(read.expiresAt()).contains(Instant.parse("2026-01-31T12:00:02Z"));
    assertThat(drain(MACHINE, Wish.DRAIN).at()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
  }

  private static Drain drain(Match match, Wish wish) {
    return new Drain(
        DrainName.of(ORDERS, match), "orders", match, wish, Instant.parse("2026-01-31T12:00:00Z"));
  }
}
