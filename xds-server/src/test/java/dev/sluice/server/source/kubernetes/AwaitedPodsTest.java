package dev.sluice.server.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AwaitedPodsTest {
  private static final ServiceId ID = new ServiceId("orders", "shop");
  private static final Endpoint ONE = instance("10.0.0.1", "v1", Health.HEALTHY);
  private static final Endpoint TWO = instance("10.0.0.2", "v2", Health.HEALTHY);
  private static final Endpoint GONE_TWO = instance("10.0.0.2", "v2", Health.UNHEALTHY);
  private static final Endpoint OTHER_TWO = instance("10.0.0.3", "v2", Health.HEALTHY);
  private static final Endpoint NEW = instance("10.0.0.9", "", Health.HEALTHY);
  private static final Set<String> UNKNOWN = Set.of("10.0.0.9");
  private static final Service TOLD = service(ONE, TWO);

  /** Times may be negative, and run over the highest number. */
  private static final long START = Long.MAX_VALUE - millis(10);

  private final AwaitedPods awaited = new AwaitedPods();

  /** Each is a pod of its own. */
  private static Endpoint instance(String address, String version, Health health) {
    TreeMap<String, String> labels = new TreeMap<>(Map.of(Endpoint.POD_LABEL, "pod-" + address));
    if (!version.isEmpty()) {
      labels.put("version", version);
    }
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("", 8080)),
        labels,
        1,
        Locality.UNKNOWN,
        health,
        new SourceName("kubernetes", "test"));
  }

  private static Service service(Endpoint... endpoints) {
    return new Service(ID, Collections.emptyList(), List.of(endpoints));
  }

  private List<Endpoint> told(Service now, long at) {
    return awaited.without(UNKNOWN, TOLD, now, at).endpoints();
  }

  @BeforeEach
  void live() {
    awaited.live(true);
  }

  @Test
  void whosePodsAreKnownDoesNotWait() {
    Service now = service(ONE);
    assertThat(awaited.without(Set.of(), TOLD, now, START)).isSameAs(now);
    assertThat(awaited.next()).isEmpty();
  }

  @Test
  void theLastOfItsLabelsStaysWhileItsSuccessorIsNotKnown() {
    assertThat(told(service(ONE, GONE_TWO, NEW), START)).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(told(service(ONE, NEW), START)).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(told(service(NEW), START)).containsExactlyInAnyOrder(ONE, TWO);
  }

  @Test
  void oneThatHasOthersOfItsLabelsGoesAtOnce() {
    assertThat(told(service(ONE, GONE_TWO, OTHER_TWO, NEW), START))
        .containsExactlyInAnyOrder(ONE, GONE_TWO, OTHER_TWO);
  }

  @Test
  void whereItsAddressIsAnotherPodsByNowItDoesNotStay() {
    Endpoint reused = instance("10.0.0.2", "", Health.HEALTHY);

    assertThat(awaited.without(Set.of("10.0.0.2"), TOLD, service(ONE, reused), START).endpoints())
        .containsExactly(ONE);
  }

  @Test
  void aPodThatDoesNotComeIsGoneOnWithout() {
    Service now = service(ONE, NEW);
    told(now, START);
    assertThat(awaited.next()).hasValue(START + millis(300));
    assertThat(awaited.due(START + millis(299))).isEmpty();
    assertThat(told(now, START + millis(299))).contains(TWO);

    assertThat(awaited.due(START + millis(300))).containsExactly(ID);
    assertThat(told(now, START + millis(300))).containsExactly(ONE, NEW);
    assertThat(awaited.due(START + millis(300))).isEmpty();
    assertThat(told(now, START + millis(301))).as("the next one waits again").contains(TWO);
  }

  @Test
  void itEndsOnceAllPodsAreKnown() {
    told(service(ONE, NEW), START);
    Service now = service(ONE, OTHER_TWO);

    assertThat(awaited.without(Set.of(), TOLD, now, START + millis(20))).isSameAs(now);
    assertThat(awaited.next()).isEmpty();
    told(service(ONE, NEW), START + millis(400));
    awaited.forget(ID);
    assertThat(awaited.next()).isEmpty();
  }

  @Test
  void whilePodsAreListedAnewItWaitsLonger() {
    awaited.live(false);
    assertThat(told(service(ONE, NEW), START)).contains(TWO);

    assertThat(awaited.due(START + millis(9_999))).isEmpty();
    assertThat(told(service(ONE, NEW), START + millis(9_999))).contains(TWO);
    awaited.live(true);
    assertThat(awaited.due(START + millis(300))).containsExactly(ID);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
