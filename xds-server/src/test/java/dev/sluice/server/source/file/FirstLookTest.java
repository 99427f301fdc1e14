package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.source.TextState;
import dev.sluice.source.DocumentReader.Reading;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstLookTest {
  private static final TextState KEPT = state("service a 10.0.0.1\nservice b 10.0.0.1\n");

  @Test
  void ofGoodDocumentsNothingIsToldToStayOrToBeLost() {
    FirstLook look = look(KEPT, "service a 10.0.0.2\nservice b 10.0.0.2\n");

    assertThat(look.restored()).isEmpty();
    assertThat(look.lost()).isEmpty();
  }

  @Test
  void aWrongDocumentStaysWhereItWasKeptAndIsLostWhereItWasNot() {
    assertThat(look(KEPT, "service a !\nservice b 10.0.0.2\n").restored().toString())
        .isEqualTo("[StaticService shop/a]");
    assertThat(look(KEPT, "service a !\nservice c !\n").lost()).isEqualTo("StaticService shop/c");
    assertThat(look(TextState.EMPTY, "service a !\n").lost()).isEqualTo("StaticService shop/a");
  }

  @Test
  void whatCannotBeReadIsLostUnlessSomethingStays() {
    assertThat(look(TextState.EMPTY, "{\n").lost()).isEqualTo("what cannot be read in it");
    assertThat(look(KEPT, "{\n").lost()).isEmpty();
  }

  @Test
  void aTextIsGoodAsAWholeOrNotAtAll() {
    assertThat(FirstLook.isGood(read("service a 10.0.0.1\n"))).isTrue();
    assertThat(FirstLook.isGood(read("service a 10.0.0.1\nservice b !\n"))).isFalse();
    assertThat(FirstLook.isGood(read("service a 10.0.0.1\n{\n"))).isFalse();
  }

  private static FirstLook look(TextState before, String text) {
    Reading reading = read(text);
    return new FirstLook(Path.of("a.yaml"), Optional.of(reading), before.read(reading, 1));
  }

  private static TextState state(String text) {
    return TextState.EMPTY.read(read(text), 0);
  }

  private static Reading read(String text) {
    return new LineReader().read("a.yaml", text);
  }
}
