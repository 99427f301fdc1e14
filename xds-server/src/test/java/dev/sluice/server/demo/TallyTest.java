package dev.sluice.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void failuresAreRequestsThatNoVersionAnswered() {
    Tally tally =
        Tally.of(
            List.of(
                Sample.answered(1, 1, "v1", "v1-1"),
                Sample.answered(2, 1, "v1", "v1-2"),
                Sample.answered(3, 1, "v2", "v2-1"),
                Sample.failed(4, 1, "503")));

    assertThat(tally.requests()).isEqualTo(4);
    assertThat(tally.failures()).isEqualTo(1);
    assertThat(tally.share("v1")).isEqualTo(2 / 3.0);
    assertThat(tally.share("v9")).isZero();
    assertThat(tally.instances().get("v1")).containsExactly("v1-1", "v1-2");
  }

  @Test
  void percentilesAreLatenciesThatWereSeen() {
    List<Sample> hundred =
        LongStream.rangeClosed(1, 100)
            .mapToObj(nanos -> Sample.answered(nanos, nanos, "v1", "v1-1"))
            .toList();

    assertThat(Tally.of(hundred).median()).isEqualTo(Duration.ofNanos(50));
    assertThat(Tally.of(hundred).p99()).isEqualTo(Duration.ofNanos(99));
  }

  @Test
  void withoutRequestsAllIsZero() {
    Tally none = Tally.of(List.of());

    assertThat(none.share("v1")).isZero();
    assertThat(none.p99()).isEqualTo(Duration.ZERO);
  }

  @Test
  void theLedgerGivesTheRequestsThatBeganSinceThen() {
    Ledger ledger = new Ledger();
    ledger.add(Sample.answered(100, 20, "v1", "v1-1"));
    ledger.add(Sample.answered(110, 30, "v1", "v1-2"));
    ledger.add(Sample.answered(120, 20, "v1", "v1-3"));

    assertThat(ledger.since(100)).extracting(Sample::instance).containsExactly("v1-3");
    assertThat(ledger.since(80)).extracting(Sample::instance).hasSize(3);
  }

  @Test
  void theLedgerForgetsOldRequestsAndKeepsTheirNumber() {
    Ledger ledger = new Ledger();
    ledger.add(Sample.failed(0, 1, "first"));
    ledger.add(Sample.failed(1, 1, "second"));
    ledger.add(Sample.answered(Duration.ofSeconds(31).toNanos(), 1, "v1", "v1-1"));

    assertThat(ledger.since(-10)).hasSize(1);
    assertThat(ledger.total()).isEqualTo(3);
    assertThat(ledger.failures()).isEqualTo(2);
    assertThat(ledger.firstFailure()).contains("first");
  }
}
