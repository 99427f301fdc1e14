package dev.sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsulTagsTest {
  @ParameterizedTest
  @CsvSource({
    "version=v1,version,v1",
    "a=b=c,a,b=c",
    "empty=,empty,''",
    "prod,prod,true",
    "=odd,=odd,true"
  })
  void aTagIsALabelUpToItsFirstEqualsSignOrWholly(String tag, String key, String value) {
    assertThat(ConsulTags.label(tag)).isEqualTo(Map.entry(key, value));
  }

  @Test
  void metadataComeBeforeTagsOfTheSameKeyAndOfTagsTheFirst() {
    assertThat(
            ConsulTags.labels(
                List.of("version=v1", "version=v2", "prod", "zone=a"),
                Map.of("zone", "b", "owner", "shop")))
        .containsExactly(
            Map.entry("owner", "shop"),
            Map.entry("prod", "true"),
            Map.entry("version", "v1"),
            Map.entry("zone", "b"));
  }
}
