package dev.sluice.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KindTest {
  @ParameterizedTest
  @EnumSource
  void itIsFoundByWhatDocumentsWriteInLettersOfAnyCase(Kind kind) {
    assertThat(Kind.of(kind.toString())).hasValue(kind);
    assertThat(Kind.of(kind.toString().toLowerCase(Locale.ROOT))).hasValue(kind);
  }

  @Test
  void whatNoDocumentWritesIsNoKind() {
    assertThat(Kind.of("")).isEmpty();
    assertThat(Kind.of("Service")).isEmpty();
    assertThat(Kind.of("TRAFFIC_POLICY")).isEmpty();
  }

  @Test
  void theChoiceHasThemAll() {
    assertThat(Kind.choice()).isEqualTo("TrafficPolicy, Gateway, StaticService, InstanceOverride");
  }
}
