package dev.sluice.server.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What the replicas leave for the one that writes statuses, and which of it counts. */
class ReplicaReportsTest {
  private static final String ORDERS = "TrafficPolicy shop/orders";
  private static final Tally TALLY = new Tally("0123abcd/3", 2, 3, List.of("g1 refused it"), null);

  private final ReplicaReports reports = new ReplicaReports();

  @Test
  void aReportIsReadAsItWasWritten() throws IOException {
    ReplicaReport report = report(7);

    assertThat(ReplicaReport.read(report.text())).isEqualTo(report);
    assertThatThrownBy(() -> ReplicaReport.read("bm90IG9uZQ==")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ReplicaReport.read("***")).isInstanceOf(IOException.class);
  }

  @Test
  void aReportOfAnEarlierVersionIsReadThatTellsLess() throws IOException {
    String earlier =
        """
        {"beat": 3, "documents": {}, "rollouts": {"TrafficPolicy shop/orders":
          {"serial": 5, "generation": 2, "acknowledged": 1, "concerned": 2, "pending": ["p"],
           "refused": {}}}}
        """;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(earlier.getBytes(StandardCharsets.UTF_8));
    }

    ReplicaReport report =
        ReplicaReport.read(Base64.getEncoder().encodeToString(bytes.toByteArray()));

    RolloutTally tally = report.rollouts().get(ORDERS);
    assertThat(tally).isNotNull();
    assertThat(tally.pending()).containsExactly("p");
    assertThat(tally.held()).isEmpty();
  }

  @Test
  void theReportsOfThousandsOfDocumentsFitIntoAConfigMap() {
    SortedMap<String, Tally> documents = new TreeMap<>();
    for (int i = 0; i < 5_000; i++) {
      String uid = "%08x".formatted(i * 2_654_435_761L);
      documents.put(
          "TrafficPolicy shop/service-" + i,
          new Tally(Tally.edition(uid, i % 40), i % 30, i % 31, List.of(), null));
    }

    // A ConfigMap has at most a MiB, for all replicas together.
    assertThat(new ReplicaReport(1, documents).text().length()).isLessThan(150 * 1024);
  }

  @Test
  void eachReplicasNewestCounts() {
    reports.take(Map.of("a", report(1).text(), "b", report(1).text()), 0);
    reports.take(Map.of("a", report(2).text(), "b", report(1).text()), 1);

    assertThat(reports.of(ORDERS, 1)).containsExactly(TALLY, TALLY);
    assertThat(reports.of("TrafficPolicy shop/other", 1))
        .as("a document that they have not read")
        .hasSize(2)
        .allSatisfy(it -> assertThat(it.edition()).isEmpty());
  }

  @Test
  void oneThatTookItsReportBackCountsNoMore() {
    reports.take(Map.of("a", report(1).text()), 0);
    reports.take(Map.of(), 1);

    assertThat(reports.of(ORDERS, 1)).isEmpty();
  }

  @Test
  void whoTookItsLeaveIsWaitedForUntilItsProxiesHadTimeToComeBack() {
    long leave = ReplicaReports.LEAVING.toNanos();
    reports.take(Map.of("a", rolling(3).text(), "b", rolling(0).text()), 0);
    reports.take(Map.of(), 1);
    assertThat(reports.of(ORDERS, 1)).isEmpty();
    assertThat(reports.rollouts(1)).as("the other one had no proxies").containsOnlyKeys("a");
    assertThat(reports.rollouts(1).get("a")).isEmpty();
    reports.take(Map.of(), leave);
    assertThat(reports.rollouts(leave)).containsOnlyKeys("a");

    reports.take(Map.of(), leave + 1);
    assertThat(reports.rollouts(leave + 1)).isEmpty();
  }

  @Test
  void whoComesBackIsNotWaitedForAndWhoWasSilentBeforeNeither() {
    reports.take(Map.of("a", rolling(3).text(), "b", rolling(3).text()), 0);
    reports.take(Map.of("b", rolling(3).text()), 1);
    reports.take(Map.of("a", rolling(2).text(), "b", rolling(3).text()), 2);
    assertThat(reports.rollouts(2).get("a")).isEqualTo(rolling(2).rollouts());

    long late = ReplicaReports.SILENCE.toNanos() + 2;
    reports.take(Map.of(), late);
    assertThat(reports.rollouts(late)).isEmpty();
  }

  @Test
  void oneThatIsSilentCountsNoMoreUntilItSpeaks() {
    reports.take(Map.of("a", report(1).text()), 0);
    long late = ReplicaReports.SILENCE.toNanos();
    assertThat(reports.of(ORDERS, late - 1)).hasSize(1);
    assertThat(reports.silent(late - 1)).isEmpty();

    reports.take(Map.of("a", report(1).text()), late);
    assertThat(reports.of(ORDERS, late)).isEmpty();
    assertThat(reports.silent(late)).containsExactly("a");

    reports.take(Map.of("a", report(2).text()), late);
    assertThat(reports.of(ORDERS, late)).hasSize(1);
    assertThat(ReplicaReports.SILENCE).isGreaterThan(Duration.ofSeconds(5));
  }

  @Test
  void whatCannotBeReadCountsAsNothing() {
    reports.take(Map.of("a", "***", "b", report(1).text()), 0);

    assertThat(reports.of(ORDERS, 0)).containsExactly(TALLY);
  }

  @Test
  void anotherEditionsProxiesHaveNotAcknowledgedThisOne() {
    Tally own = new Tally("0123abcd/4", 1, 1, List.of(), null);

    Tally both = own.plus(TALLY);
    assertThat(both.acknowledged()).isEqualTo(1);
    assertThat(both.concerned()).isEqualTo(4);
    assertThat(both.refused()).isEmpty();
    assertThat(both.spreading()).isEqualTo("a replica of the server has not read it yet");
    assertThat(own.plus(TALLY.onItsWay())).isEqualTo(both);
    assertThat(Tally.edition("0123abcd-ffff", 4)).isEqualTo("0123abcd/4");
    assertThat(Tally.edition("4567abcd-ffff", 4)).isNotEqualTo("0123abcd/4");
  }

  private static ReplicaReport rolling(int concerned) {
    RolloutTally tally =
        new RolloutTally(5, 2, 0, concerned, new TreeSet<>(), new TreeMap<>(), new TreeMap<>(), 0);
    return ReplicaReport.of(1, Map.of(), new TreeMap<>(Map.of(ORDERS, tally)));
  }

  private static ReplicaReport report(long beat) {
    return new ReplicaReport(beat, new TreeMap<>(Map.of(ORDERS, TALLY)));
  }
}
