package dev.sluice.policy.parse;

import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import java.util.List;
import java.util.Optional;

/** Documents for tests, written as YAML. */
public final class ParsedDocuments {
  private ParsedDocuments() {}

  /** The documents of a text that must be free of problems. */
  public static List<Document> documents(String yaml) {
    return documents("test.yaml", yaml);
  }

  /** The documents of a text, as of {@code file}, that must be free of problems. */
  public static List<Document> documents(String file, String yaml) {
    Reading reading = DocumentParser.reader().read(file, yaml);
    if (!reading.problems().isEmpty()) {
      throw new AssertionError("not free of problems: " + reading.problems());
    }
    return reading.items().stream().map(item -> item.document()).flatMap(Optional::stream).toList();
  }
}
