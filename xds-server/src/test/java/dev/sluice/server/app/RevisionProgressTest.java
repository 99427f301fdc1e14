package dev.sluice.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.pipeline.Published;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.traces.Traces;
import dev.sluice.server.xds.Lags;
import dev.sluice.server.xds.ProxyLag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RevisionProgressTest {
  private static final NodeGroup GROUP = FakeViews.gateway();
  private static final Instant NOON = FakeViews.NOON;

  private long now = 1;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final List<String> ended = new ArrayList<>();
  private final RevisionProgress progress = new RevisionProgress(new Ends(), () -> now);
  private List<ProxyLag> proxies = List.of();

  /** Notes how revisions end. */
  private final class Ends implements Traces {
    @Override
    public void published(Published published) {}

    @Override
    public void ended(long revision, Outcome outcome) {
      ended.add(revision + " " + outcome);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    lines.start();
    log().addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    log().detachAppender(lines);
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(RevisionProgress.class);
  }

  private void publish(long id) {
    progress.published(published(id));
  }

  private static Published published(long id) {
    Revision revision =
        new Revision(id, "a test", List.of(), NOON, Map.of(GROUP, new Revision.Summary(Map.of())));
    Change.Causes causes =
        new Change.Causes(Collections.emptySortedSet(), Collections.emptySortedSet(), NOON);
    return new Published(revision, causes, NOON, NOON, NOON, NOON);
  }

  private void after(Duration time, ProxyLag... behind) {
    now += time.toNanos();
    proxies = List.of(behind);
    progress.look(() -> new Lags(proxies));
  }

  private static ProxyLag proxy(String id, Duration behind) {
    return new ProxyLag(id, GROUP, false, behind.toNanos(), ProxyLag.NEVER);
  }

  private List<String> told() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void whenAllHaveAcknowledgedItSaysSoOnce() {
    publish(7);
    after(Duration.ofSeconds(1), proxy("a", Duration.ZERO), proxy("b", Duration.ofMillis(900)));
    assertThat(told()).isEmpty();

    after(Duration.ofSeconds(1), proxy("a", Duration.ZERO), proxy("b", Duration.ZERO));
    after(Duration.ofSeconds(1), proxy("a", Duration.ZERO), proxy("b", Duration.ZERO));

    assertThat(told()).containsExactly("revision 7: acknowledged by all 2 proxies within 2000 ms");
    assertThat(ended).containsExactly("7 ACKNOWLEDGED");
  }

  private static ProxyLag refusing(String id, Duration behind, Duration ago) {
    return new ProxyLag(id, GROUP, false, behind.toNanos(), ago.toNanos());
  }

  @Test
  void whatIsInQuarantineByNowWasRefusedAndNotAcknowledgedByAll() {
    publish(7);
    after(
        Duration.ofSeconds(1),
        refusing("a", Duration.ZERO, Duration.ofMillis(800)),
        refusing("b", Duration.ZERO, Duration.ofMillis(900)));

    assertThat(told())
        .containsExactly(
            "revision 7: refused by 2 of 2 proxies, first by b; sluice status and sluice check tell"
                + " why");
    assertThat(ended).containsExactly("7 GIVEN_UP");
  }

  @Test
  void aRefusalIsToldOnceTheOthersHaveAnsweredOrAreLate() {
    publish(7);
    after(
        Duration.ofSeconds(1),
        refusing("a", Duration.ofSeconds(1), Duration.ofMillis(900)),
        proxy("b", Duration.ofSeconds(1)));
    assertThat(told()).isEmpty();

    after(
        Duration.ofSeconds(1),
        refusing("a", Duration.ofSeconds(2), Duration.ofMillis(1_900)),
        proxy("b", Duration.ZERO));
    assertThat(told())
        .containsExactly(
            "revision 7: refused by 1 of 2 proxies, by a; sluice status and sluice check tell why");
  }

  @Test
  void whatWasRefusedBeforeItIsNotToldOfIt() {
    publish(7);
    after(Duration.ofSeconds(1), refusing("a", Duration.ZERO, Duration.ofSeconds(2)));

    assertThat(told()).containsExactly("revision 7: acknowledged by all 1 proxies within 1000 ms");
  }

  @Test
  void itIsTooEarlyToTellBeforeStreamsHaveLooked() {
    publish(7);
    after(Duration.ofMillis(100), proxy("a", Duration.ZERO));

    assertThat(told()).isEmpty();
  }

  @Test
  void whoIsBehindWithTheNextOneHasAcknowledgedTheOneBefore() {
    publish(7);
    now += Duration.ofSeconds(2).toNanos();
    publish(8);

    after(Duration.ofSeconds(1), proxy("a", Duration.ofMillis(900)));

    assertThat(ended).containsExactly("7 ACKNOWLEDGED");
    after(Duration.ofSeconds(1), proxy("a", Duration.ZERO));
    assertThat(ended).containsExactly("7 ACKNOWLEDGED", "8 ACKNOWLEDGED");
  }

  @Test
  void whoHasNotForLongIsNamedOnceAndNotWaitedForForEver() {
    publish(7);
    after(Duration.ofSeconds(11), proxy("a", Duration.ZERO), proxy("b", Duration.ofSeconds(11)));
    after(Duration.ofSeconds(1), proxy("a", Duration.ZERO), proxy("b", Duration.ofSeconds(12)));

    assertThat(told())
        .containsExactly(
            "revision 7: 1 of 2 proxies have not acknowledged it for 11 s: [b]; sluice status tells"
                + " why");

    after(Duration.ofMinutes(5), proxy("a", Duration.ZERO), proxy("b", Duration.ofSeconds(312)));
    assertThat(ended).containsExactly("7 GIVEN_UP");
  }

  @Test
  void severalAreOneLineAndWhatIsForNobodyIsNone() {
    publish(7);
    publish(8);
    after(Duration.ofSeconds(1), proxy("a", Duration.ZERO));
    publish(9);
    after(Duration.ofSeconds(1));

    assertThat(told())
        .containsExactly(
            "revision 8: acknowledged by all 1 proxies within 1000 ms (and [7] before)");
    assertThat(ended).containsExactly("7 ACKNOWLEDGED", "8 ACKNOWLEDGED", "9 ACKNOWLEDGED");
  }

  @Test
  void aProxyThatIsBehindSinceBeforeHasNeither() {
    publish(7);
    now += Duration.ofSeconds(2).toNanos();
    publish(8);

    after(Duration.ofSeconds(1), proxy("a", Duration.ofSeconds(3)));

    assertThat(ended).isEmpty();
  }

  @Test
  void whoRefusesAnEarlierOneIsToldOfWithThatOneAlone() {
    publish(7);
    now += Duration.ofSeconds(2).toNanos();
    publish(8);
    now += Duration.ofSeconds(2).toNanos();
    publish(9);

    after(Duration.ofSeconds(11), proxy("a", Duration.ZERO), proxy("b", Duration.ofSeconds(15)));

    assertThat(told())
        .containsExactly(
            "revision 7: 1 of 2 proxies have not acknowledged it for 15 s: [b]; sluice status tells"
                + " why",
            "revision 9: acknowledged by 1 of 2 proxies; the others were behind before it (and [8]"
                + " before)");
    assertThat(ended).containsExactly("8 ACKNOWLEDGED", "9 ACKNOWLEDGED");
  }

  @Test
  void severalThatAreLateAreOneLine() {
    publish(7);
    now += Duration.ofMillis(200).toNanos();
    publish(8);

    after(Duration.ofSeconds(11), proxy("a", Duration.ofMillis(11_200)));

    assertThat(told())
        .containsExactly(
            "revision 7: 1 of 1 proxies have not acknowledged it for 11 s: [a]; sluice status tells"
                + " why (and [8] after)");
  }

  @Test
  void beyondAHundredTheOldestIsGivenUp() {
    for (int id = 1; id <= 102; id++) {
      publish(id);
    }

    assertThat(ended).containsExactly("1 GIVEN_UP", "2 GIVEN_UP");
    after(Duration.ofSeconds(1), proxy("a", Duration.ZERO));
    assertThat(ended).hasSize(102).endsWith("102 ACKNOWLEDGED");
  }

  @Test
  void noLockIsHeldWhileTracesAreTold() {
    List<Boolean> held = new ArrayList<>();
    RevisionProgress[] told = new RevisionProgress[1];
    Traces traces =
        new Traces() {
          @Override
          public void published(Published published) {
            held.add(Thread.holdsLock(told[0]));
          }

          @Override
          public void ended(long revision, Outcome outcome) {
            held.add(Thread.holdsLock(told[0]));
          }

          @Override
          public void close() {}
        };
    told[0] = new RevisionProgress(traces, () -> now);

    told[0].published(published(7));
    now += Duration.ofSeconds(1).toNanos();
    told[0].look(() -> new Lags(List.of(proxy("a", Duration.ZERO))));

    assertThat(held).containsExactly(false, false);
  }
}
