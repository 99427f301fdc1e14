package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectiveSplit.ByEndpoint;
import dev.sluice.spec.Split.OnEmpty;
import dev.sluice.translate.AssignmentInput.WeightedEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private static final long ENVOY_MOST = 0xFFFF_FFFFL;

  @Test
  void theShareOfAVersionIsWhatTheSplitSaysHoweverManyInstancesItHas() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      int w1 = 1 + random.nextInt(1000);
      int w2 = 1 + random.nextInt(1000);
      List<WeightedEndpoint> endpoints =
          byEndpoint(
              w1, w2, instances(random, "v1", "10.0.1."), instances(random, "v2", "10.0.2."));
      double first = sum(endpoints, "10.0.1.");
      double second = sum(endpoints, "10.0.2.");
      assertThat(first / (first + second))
          .as("seed %d, round %d", seed, i)
          .isCloseTo((double) w1 / (w1 + w2), within(0.001));
      assertThat(sum(endpoints, "")).isLessThanOrEqualTo(ENVOY_MOST);
      assertThat(endpoints).allMatch(endpoint -> endpoint.weight() >= 1);
    }
  }

  @Test
  void weightsThatSumToMoreThanEnvoyTakesAreMadeSmallerInProportion() {
    Service service =
        Given.orders(
            Protocol.HTTP,
            Given.endpoint("10.0.0.1", "v1", Integer.MAX_VALUE, Health.HEALTHY),
            Given.endpoint("10.0.0.2", "v1", Integer.MAX_VALUE, Health.HEALTHY),
            Given.endpoint("10.0.0.3", "v1", Integer.MAX_VALUE / 2, Health.HEALTHY),
            Given.endpoint("10.0.0.4", "v1", 1, Health.HEALTHY));
    List<WeightedEndpoint> endpoints =
        endpoints(ServiceTranslation.of(service, List.of(Given.policy(service))));
    assertThat(sum(endpoints, "")).isLessThanOrEqualTo(ENVOY_MOST);
    assertThat((double) endpoints.get(0).weight() / endpoints.get(2).weight())
        .isCloseTo(2.0, within(0.001));
    assertThat(endpoints.get(3).weight()).isEqualTo(1);
  }

  @Test
  void anInstanceThatDrainsTakesNoShareFromItsVersion() {
    List<WeightedEndpoint> endpoints =
        byEndpoint(
            50,
            50,
            List.of(
                Given.endpoint("10.0.1.1", "v1"),
                Given.endpoint("10.0.1.2", "v1", 100, Health.DRAINING)),
            List.of(Given.endpoint("10.0.2.1", "v2")));
    assertThat(endpoints)
        .containsExactly(
            new WeightedEndpoint("10.0.1.1", 8080, Health.HEALTHY, 1),
            new WeightedEndpoint("10.0.1.2", 8080, Health.DRAINING, 1),
            new WeightedEndpoint("10.0.2.1", 8080, Health.HEALTHY, 1));
  }

  private static List<Endpoint> instances(Random random, String version, String prefix) {
    List<Endpoint> instances = new ArrayList<>();
    for (int i = 1 + random.nextInt(40); i > 0; i--) {
      int weight = 1 + random.nextInt(50);
      instances.add(Given.endpoint(prefix + i, version, weight, Health.HEALTHY));
    }
    return instances;
  }

  private static List<WeightedEndpoint> byEndpoint(
      int w1, int w2, List<Endpoint> v1, List<Endpoint> v2) {
    List<Endpoint> all = new ArrayList<>(v1);
    all.addAll(v2);
    Service service = Given.orders(Protocol.HTTP, all.toArray(Endpoint[]::new));
    var split =
        new ByEndpoint(new TreeMap<>(Map.of("v1", w1, "v2", w2)), new OnEmpty.Redistribute());
    return endpoints(ServiceTranslation.of(service, List.of(Given.split(service, split))));
  }

  private static List<WeightedEndpoint> endpoints(ServiceTranslation translation) {
    return translation.ports().getFirst().assignments().getFirst().localities().stream()
        .flatMap(locality -> locality.endpoints().stream())
        .toList();
  }

  private static long sum(List<WeightedEndpoint> endpoints, String prefix) {
    return endpoints.stream()
        .filter(endpoint -> endpoint.address().startsWith(prefix))
        .mapToLong(WeightedEndpoint::weight)
        .sum();
  }
}
