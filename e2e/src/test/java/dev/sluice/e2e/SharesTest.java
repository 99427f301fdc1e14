package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final Map<String, Double> NINETY_TEN = Map.of("v1", 0.9, "v2", 0.1);

  @Test
  void threeDeviationsOf20000RequestsAt10PercentAre127() {
    assertThat(Shares.outside(NINETY_TEN, report(18_000 + 127, 2_000 - 127))).isEmpty();
    assertThat(Shares.outside(NINETY_TEN, report(18_000 + 128, 2_000 - 128)))
        .containsOnlyKeys("v1", "v2");
  }

  @Test
  void aVersionThatNobodyPromisedIsOutside() {
    assertThat(Shares.outside(Map.of("v1", 1.0), report(19_999, 1))).containsOnlyKeys("v1", "v2");
  }

  @Test
  void oneBadSampleIsLetOffAndTwoAreNot() {
    TrafficReport bad = report(17_500, 2_500);
    Iterator<TrafficReport> once = List.of(bad, report(18_010, 1_990)).iterator();
    assertThatCode(() -> Shares.within3Deviations(NINETY_TEN, once::next))
        .doesNotThrowAnyException();

    Iterator<TrafficReport> twice = List.of(bad, bad).iterator();
    assertThatThrownBy(() -> Shares.within3Deviations(NINETY_TEN, twice::next))
        .hasMessageContaining("v2=2500");
  }

  private static TrafficReport report(int first, int second) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < first + second; i++) {
      String version = i < first ? "v1" : "v2";
      answers.add(new Answer(i, i, 200, Map.of(TestBackend.VERSION_HEADER, version), ""));
    }
    return new TrafficReport(answers);
  }
}
