package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents that {@code docs/policy/*.md} shows: each is free of problems. */
class PolicyPagesTest {
  private static final Path PAGES = Path.of("..", "docs", "policy");
  private static final Pattern DOCUMENT =
      Pattern.compile("```yaml\\n(apiVersion: .*?)```", Pattern.DOTALL);

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(PAGES)) {
      return pages.filter(page -> page.toString().endsWith(".md")).sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pages")
  void showsDocumentsThatAreRight(Path page) throws IOException {
    var documents =
        DOCUMENT.matcher(Files.readString(page)).results().map(MatchResult::group).toList();

    assertThat(documents).isNotEmpty();
    for (String document : documents) {
      String text = document.substring("```yaml\n".length(), document.length() - "```".length());
      assertThat(DocumentParser.reader().read(page.getFileName().toString(), text).problems())
          .isEmpty();
    }
  }

  @Test
  void thereArePages() throws IOException {
    assertThat(pages()).isNotEmpty();
  }
}
