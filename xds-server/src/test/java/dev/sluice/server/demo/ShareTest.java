package dev.sluice.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShareTest {
  @Test
  void weightsArePartsOfTheirSum() {
    assertThat(Share.of(Map.of("v1", 3, "v2", 1)))
        .containsEntry("v1", 0.75)
        .containsEntry("v2", 0.25);
  }

  @Test
  void weightsThatSumToNothingGiveNoShares() {
    assertThat(Share.of(Map.of("v1", 0))).isEmpty();
  }

  @Test
  void fourStandardDeviationsAreChance() {
    // 1,000 requests at 10 %: the deviation is 9.49.
    assertThat(Share.fits(0.1, 100, 1000)).isTrue();
    assertThat(Share.fits(0.1, 137, 1000)).isTrue();
    assertThat(Share.fits(0.1, 63, 1000)).isTrue();
  }

  @Test
  void moreThanFourAreNot() {
    assertThat(Share.fits(0.1, 139, 1000)).isFalse();
    assertThat(Share.fits(0.1, 61, 1000)).isFalse();
  }

  @Test
  void noneAndAllLeaveNothingToChance() {
    assertThat(Share.fits(0, 0, 1000)).isTrue();
    assertThat(Share.fits(0, 1, 1000)).isFalse();
    assertThat(Share.fits(1, 1000, 1000)).isTrue();
    assertThat(Share.fits(1, 999, 1000)).isFalse();
  }

  @Test
  void aVersionThatNobodyAskedForDoesNotFit() {
    assertThat(Share.fits(Map.of("v1", 100), answers(Map.of("v1", 10)))).isTrue();
    assertThat(Share.fits(Map.of("v1", 100), answers(Map.of("v1", 10, "v3", 1)))).isFalse();
  }

  @Test
  void withoutAnswersNothingFits() {
    assertThat(Share.fits(Map.of("v1", 100), Tally.of(List.of()))).isFalse();
  }

  private static Tally answers(Map<String, Integer> byVersion) {
    List<Sample> samples = new ArrayList<>();
    byVersion.forEach(
        (version, count) -> {
          for (int i = 0; i < count; i++) {
            samples.add(Sample.answered(i, 1, version, version + "-1"));
          }
        });
    return Tally.of(samples);
  }
}
