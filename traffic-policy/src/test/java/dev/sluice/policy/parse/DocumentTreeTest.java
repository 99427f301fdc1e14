package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DocumentTreeTest {
  @Test
  void everyDocumentOfTheExamplesAndGoldenFoldersIsReadAsItWas() throws IOException {
    int documents = 0;
    Set<Class<?>> seen = new HashSet<>();
    for (Path file : files()) {
      for (Document document : documents(file.toString(), Files.readString(file))) {
        documents++;
        seen.add(document.getClass());
        String json = json(DocumentTree.of(document));
        List<Document> again = read(DocumentParser.reader().readJson(file.toString(), json));
        assertThat(again).as("%s: %s", file, json).hasSize(1);
        assertThat(again.getFirst().at(document.origin()))
            .as("%s: %s", file, json)
            .isEqualTo(document);
      }
    }
    assertThat(documents).isGreaterThan(100);
    assertThat(seen).hasSize(4);
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path root : List.of(Path.of("src/test/resources"), Path.of("../examples"))) {
      try (Stream<Path> all = Files.walk(root)) {
        files.addAll(all.filter(file -> file.toString().endsWith(".yaml")).toList());
      }
    }
    return files;
  }

  private static List<Document> documents(String file, String text) {
    return read(DocumentParser.reader().read(file, text));
  }

  private static List<Document> read(Reading reading) {
    return reading.items().stream().flatMap(item -> item.document().stream()).toList();
  }

  private static String json(@Nullable Object tree) {
    return switch (tree) {
      case null -> "null";
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> json(entry.getKey()) + ": " + json(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(DocumentTreeTest::json).collect(Collectors.joining(", ", "[", "]"));
      case String text ->
          text.chars()
              .mapToObj(
                  c -> c < ' ' || c == '"' || c == '\\' ? "\\u%04x".formatted(c) : "" + (char) c)
              .collect(Collectors.joining("", "\"", "\""));
      case Integer number -> number.toString();
      case Long number -> number.toString();
      case BigDecimal number -> number.toString();
      case Boolean flag -> flag.toString();
      default -> throw new AssertionError("no part of JSON: " + tree.getClass());
    };
  }
}
