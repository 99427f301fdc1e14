package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.spec.StaticAddress;
import dev.sluice.translate.AssignmentInput.WeightedEndpoint;
import dev.sluice.translate.Instance.Backend;
import dev.sluice.translate.Weights.Grouping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What instances weigh where the backends of a policy have shares. */
class PortionsTest {
  private static final long ENVOY_MOST = 0xFFFF_FFFFL;
  private static final int MOST_WEIGHT = 1_000_000;

  /** Port of the next instance, so that they are in the order in which they are made. */
  private int next = 1000;

  @Test
  void aShareIsDividedAmongTheInstancesOfABackendHoweverManyThereAre() {
    assertThat(weights(backend("machines", 1, 1, 1), backend("pods", 3, 1, 1, 1)))
        .containsExactly(1L, 1L, 2L, 2L, 2L);
    assertThat(weights(backend("machines", 4, 1), backend("pods", 4, 1, 1, 1, 1)))
        .containsExactly(4L, 1L, 1L, 1L, 1L);
  }

  @Test
  void withinABackendInstancesDivideByTheirOwnWeights() {
    assertThat(weights(backend("a", 1, 3, 1), backend("b", 1, 10, 30)))
        .containsExactly(3L, 1L, 1L, 3L);
  }

  @Test
  void withoutSharesInstancesCountByTheirOwnWeights() {
    List<Instance> instances =
        List.of(
            instance(1, 6, Health.HEALTHY, Optional.empty()),
            instance(2, 2, Health.HEALTHY, Optional.empty()));
    assertThat(weights(instances, List.of())).containsExactly(3L, 1L);
  }

  @Test
  void aBackendWithoutAReadyInstanceLeavesItsShareToTheOthers() {
    Backend gone = new Backend("gone", 90);
    List<Instance> unready =
        List.of(
            instance(1, 1, Health.UNHEALTHY, Optional.of(gone)),
            instance(2, 1, Health.DRAINING, Optional.of(gone)));
    List<Instance> all =
        Stream.of(unready, backend("a", 4, 1, 1), backend("b", 6, 1))
            .flatMap(List::stream)
            .toList();

    assertThat(endpoints(all))
        .extracting(WeightedEndpoint::health, WeightedEndpoint::weight)
        .containsExactly(
            tuple(Health.UNHEALTHY, 1L),
            tuple(Health.DRAINING, 1L),
            tuple(Health.HEALTHY, 1L),
            tuple(Health.HEALTHY, 1L),
            tuple(Health.HEALTHY, 3L));
  }

  @Test
  void anUnreadyInstanceTakesNothingFromItsBackend() {
    List<Instance> all = new ArrayList<>(backend("a", 1, 1));
    all.add(instance(900, 5, Health.UNHEALTHY, all.getFirst().backend()));
    all.addAll(backend("b", 1, 1));

    assertThat(endpoints(all)).extracting(WeightedEndpoint::weight).containsExactly(1L, 1L, 1L);
  }

  @Test
  void sharesHoldWhateverTheNumbersAreAndStayWithinWhatEnvoyTakes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      int count = 2 + random.nextInt(5);
      long of = 0;
      List<Backend> backends = new ArrayList<>();
      List<Instance> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Backend backend = new Backend("b" + i, 1 + random.nextInt(MOST_WEIGHT));
        backends.add(backend);
        of += backend.share();
        for (int j = 1 + random.nextInt(40); j > 0; j--) {
          int own = 1 + random.nextInt(random.nextBoolean() ? 3 : MOST_WEIGHT);
          all.add(instance(i * 100 + j, own, Health.HEALTHY, Optional.of(backend)));
        }
      }
      List<WeightedEndpoint> endpoints = endpoints(all);
      double sum = endpoints.stream().mapToLong(WeightedEndpoint::weight).sum();
      assertThat(sum).as("seed %d, round %d", seed, round).isLessThanOrEqualTo(ENVOY_MOST);
      assertThat(endpoints).allMatch(endpoint -> endpoint.weight() >= 1);
      for (int i = 0; i < count; i++) {
        int index = i;
        double own =
            endpoints.stream()
                .filter(endpoint -> endpoint.port() / 100 == index)
                .mapToLong(WeightedEndpoint::weight)
                .sum();
        assertThat(own / sum)
            .as("seed %d, round %d, backend %d", seed, round, i)
            .isCloseTo((double) backends.get(i).share() / of, within(0.001));
      }
    }
  }

  private List<Instance> backend(String name, int share, int... weights) {
    Optional<Backend> backend = Optional.of(new Backend(name, share));
    return IntStream.of(weights)
        .mapToObj(weight -> instance(next++, weight, Health.HEALTHY, backend))
        .toList();
  }

  private static Instance instance(int port, int weight, Health health, Optional<Backend> backend) {
    return new Instance(
        new StaticAddress("10.0.0.1", port),
        new TreeMap<>(Map.of("port", "" + port)),
        weight,
        Locality.UNKNOWN,
        health,
        backend);
  }

  private static List<Long> weights(List<Instance> one, List<Instance> other) {
    List<Instance> all = Stream.concat(one.stream(), other.stream()).toList();
    return endpoints(all).stream().map(WeightedEndpoint::weight).toList();
  }

  /** By port. */
  private static List<WeightedEndpoint> endpoints(List<Instance> instances) {
    return Weights.byInstance("orders.shop|80", instances, Grouping.BY_LOCALITY)
        .localities()
        .getFirst()
        .endpoints();
  }
}
