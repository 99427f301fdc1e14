package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeparturesTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private Instant now = NOON;
  private final Departures departures = new Departures(() -> now);

  @Test
  void aProxyThatLeftIsKnownWithTheTimeAndTheReason() {
    departures.came(node("a"), "DELTA ADS");
    now = NOON.plusSeconds(5);
    departures.left(node("a"), NOON, "it ended its stream");

    assertThat(departures.current())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.id()).isEqualTo("a");
              assertThat(one.connectedSince()).isEqualTo(NOON);
              assertThat(one.at()).isEqualTo(now);
              assertThat(one.why()).isEqualTo("it ended its stream");
            });
  }

  @Test
  void whoComesBackHasNotLeft() {
    departures.came(node("a"), "DELTA ADS");
    departures.left(node("a"), NOON, "lost");
    departures.came(node("a"), "DELTA ADS");

    assertThat(departures.current()).isEmpty();
  }

  @Test
  void whoHasAnotherStreamHasNotLeft() {
    departures.came(node("a"), "DELTA CDS");
    departures.came(node("a"), "DELTA EDS");
    departures.left(node("a"), NOON, "lost");
    assertThat(departures.current()).isEmpty();

    departures.left(node("a"), NOON, "lost");
    assertThat(departures.current()).hasSize(1);
  }

  @Test
  void afterAnHourNobodyRemembers() {
    departures.came(node("a"), "DELTA ADS");
    departures.left(node("a"), NOON, "lost");
    now = NOON.plus(Duration.ofMinutes(61));

    assertThat(departures.current()).isEmpty();
  }

  @Test
  void ofTooManyTheLastAreKept() {
    for (int i = 0; i <= Departures.MOST; i++) {
      departures.came(node("proxy-" + i), "DELTA ADS");
      departures.left(node("proxy-" + i), NOON, "lost");
    }

    assertThat(departures.current())
        .hasSize(Departures.MOST)
        .extracting(Departed::id)
        .doesNotContain("proxy-0")
        .contains("proxy-1", "proxy-" + Departures.MOST);
  }

  private static ProxyNode node(String id) {
    try {
      return ProxyNode.of(AdsClient.node(id));
    } catch (InvalidNodeException e) {
      throw new AssertionError(e);
    }
  }
}
