package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.policy.attach.LocalityPolicy;
import dev.sluice.spec.LocalityRouting.Nearness;
import dev.sluice.translate.AssignmentInput.LocalityEndpoints;
import dev.sluice.translate.AssignmentInput.WeightedEndpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LocalitiesTest {
  private static final Locality EU_A = new Locality("eu", "a");
  private static final Locality EU_B = new Locality("eu", "b");
  private static final Locality US_A = new Locality("us", "a");

  @Test
  void theNearestComeFirstWithoutGaps() {
    assertThat(priorities(new Locality("eu", "a"), Nearness.values()))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EU_A, 0, EU_B, 1, US_A, 2, Locality.UNKNOWN, 2));
    assertThat(priorities(new Locality("eu", "c"), Nearness.values()))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EU_A, 0, EU_B, 0, US_A, 1, Locality.UNKNOWN, 1));
    assertThat(priorities(new Locality("cn", "a"), Nearness.values()))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EU_A, 0, EU_B, 0, US_A, 0, Locality.UNKNOWN, 0));
    assertThat(priorities(new Locality("us", ""), Nearness.values()))
        .containsExactlyInAnyOrderEntriesOf(Map.of(US_A, 0, EU_A, 1, EU_B, 1, Locality.UNKNOWN, 1));
  }

  @Test
  void whatTheOrderLeavesOutGetsNothing() {
    assertThat(priorities(EU_A, Nearness.ZONE, Nearness.REGION))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EU_A, 0, EU_B, 1));
    assertThat(priorities(EU_A, Nearness.ZONE, Nearness.ANY))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EU_A, 0, EU_B, 1, US_A, 1, Locality.UNKNOWN, 1));
  }

  @Test
  void toACallerOfWhomItIsNotKnownWhereItRunsAllAreEqual() {
    assertThat(priorities(Locality.UNKNOWN, Nearness.ZONE))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EU_A, 0, EU_B, 0, US_A, 0, Locality.UNKNOWN, 0));
  }

  private static SortedMap<Locality, Integer> priorities(Locality caller, Nearness... order) {
    var policy = new LocalityPolicy.Failover(Arrays.asList(order), 140);
    AssignmentInput all = input(at(EU_A, 1), at(EU_B, 1), at(US_A, 1), at(Locality.UNKNOWN, 1));
    SortedMap<Locality, Integer> priorities = new TreeMap<>();
    Localities.nearest(all, policy, caller)
        .localities()
        .forEach(each -> priorities.put(each.locality(), each.priority()));
    return priorities;
  }

  @Test
  void aRegionsWeightIsDividedAmongItsZonesByTheirInstances() {
    assertThat(weights(Map.of("eu", 70, "us", 30), at(EU_A, 3), at(EU_B, 1), at(US_A, 5)))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EU_A, 21L, EU_B, 7L, US_A, 12L));
  }

  @Test
  void aZonesOwnWeightCountsBeforeItsRegionsAndZeroIsNothing() {
    assertThat(weights(Map.of("eu/a", 5, "eu", 3, "us", 0), at(EU_A, 2), at(EU_B, 1), at(US_A, 1)))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EU_A, 5L, EU_B, 3L));
    assertThat(weights(Map.of("us", 7), at(EU_A, 2), at(US_A, 1), at(Locality.UNKNOWN, 4)))
        .containsExactlyInAnyOrderEntriesOf(Map.of(US_A, 1L));
  }

  @Test
  void weightsStayWithinWhatEnvoyTakes() {
    SortedMap<Locality, Long> weights =
        weights(
            Map.of("eu", 1_000_000, "us", 999_999), at(EU_A, 9973), at(EU_B, 9967), at(US_A, 9949));

    assertThat(weights.values().stream().mapToLong(Long::longValue).sum())
        .isBetween(1L << 20, 1L << 31);
    assertThat(weights.getOrDefault(EU_A, 0L) + weights.getOrDefault(EU_B, 0L))
        .isCloseTo(weights.getOrDefault(US_A, 0L), Percentage.withPercentage(0.01));
  }

  private static SortedMap<Locality, Long> weights(
      Map<String, Integer> given, LocalityEndpoints... localities) {
    var policy = new LocalityPolicy.Weighted(new TreeMap<>(given), 140);
    SortedMap<Locality, Long> weights = new TreeMap<>();
    Localities.weighted(input(localities), policy)
        .localities()
        .forEach(each -> weights.put(each.locality(), each.weight().orElse(-1)));
    return weights;
  }

  private static AssignmentInput input(LocalityEndpoints... localities) {
    return new AssignmentInput("orders.shop|80", Arrays.asList(localities));
  }

  private static LocalityEndpoints at(Locality locality, int instances) {
    List<WeightedEndpoint> endpoints =
        IntStream.rangeClosed(1, instances)
            .mapToObj(port -> new WeightedEndpoint("10.0.0.1", port, Health.HEALTHY, 1))
            .toList();
    return new LocalityEndpoints(locality, "", endpoints);
  }
}
