package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Problem;
import dev.sluice.problem.Severity;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whatever is done to a document, reading it never throws, and what is left out is told. Repeat a
 * failure with {@code -Dseed=NUMBER}.
 */
class MutationsTest {
  private static final int ROUNDS = 3_000;
  private static final String BITS = "{}[]:,-#&*!|>'\"%@`?~ \t\n\\0123abc.\u0000\u00e9\ud83d";
  private static final List<String> WORDS =
      List.of("null", "[]", "{}", "- ", "*a", "&a ", "<<: ", "1e9", "-1", "\"\"", "---\n", "!!x ");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void readingNeverThrows() {
    String whole = ExamplesTest.documents().collect(Collectors.joining("---\n"));
    List<String> each = ExamplesTest.documents().toList();
    for (int round = 0; round < ROUNDS; round++) {
      String text = round % 10 == 0 ? whole : each.get(random.nextInt(each.size()));
      for (int i = random.nextInt(4); i >= 0; i--) {
        text = mutated(text);
      }
      check(text);
    }
  }

  private void check(String text) {
    String description = "seed " + seed + ":\n" + text;
    Reading reading;
    try {
      reading = DocumentParser.reader().read("m.yaml", text);
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(description, e);
    }
    List<Document> valid =
        reading.items().stream().map(item -> item.document()).flatMap(Optional::stream).toList();
    boolean error = Problem.anyError(reading.problems());
    assertThat(error)
        .describedAs(description)
        .isEqualTo(!reading.complete() || valid.size() < reading.items().size());
    assertThat(reading.problems())
        .describedAs(description)
        .allMatch(problem -> problem.message().lines().count() == 1)
        .allMatch(
            problem -> problem.severity() == Severity.WARNING || problem.location().line() > 0);
  }

  private String mutated(String text) {
    int at = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), at + random.nextInt(12));
    String before = text.substring(0, at);
    return switch (random.nextInt(6)) {
      case 0 -> before + text.substring(to);
      case 1 -> before + BITS.charAt(random.nextInt(BITS.length())) + text.substring(at);
      case 2 -> before + WORDS.get(random.nextInt(WORDS.size())) + text.substring(at);
      case 3 -> before + text.substring(at, to) + text.substring(at);
      case 4 -> before;
      default -> before + BITS.charAt(random.nextInt(BITS.length())) + text.substring(to);
    };
  }
}
