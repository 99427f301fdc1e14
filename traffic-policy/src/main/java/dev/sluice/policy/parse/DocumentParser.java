package dev.sluice.policy.parse;

import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads documents of {@code sluice.dev/v1} from YAML 1.2 and validates each on its own. All that is
 * wrong with a document is reported at once.
 */
public final class DocumentParser implements DocumentReader {
  private static final DocumentParser PARSER = new DocumentParser();

  private DocumentParser() {}

  /** The reader; it has no state and may be used by any thread. */
  public static DocumentReader reader() {
    return PARSER;
  }

  @Override
  public Reading read(String file, String text) {
    YamlText yaml = YamlText.read(file, text);
    List<Problem> problems = new ArrayList<>(yaml.problems());
    List<Item> items = new ArrayList<>();
    Map<DocumentKey, Location> seen = new HashMap<>();
    for (YamlText.Document document : yaml.documents()) {
      Location start = document.root().location();
      Envelope.Contents contents = Envelope.open(document.root());
      List<Problem> own = new ArrayList<>(contents.problems());
      contents.key().ifPresent(key -> own.addAll(again(key, start, seen)));
      problems.addAll(own);
      own.addAll(document.problems());
      Optional<Document> valid = Problem.anyError(own) ? Optional.empty() : contents.document();
      items.add(new Item(contents.key(), valid, own));
    }
    return new Reading(items, yaml.complete(), problems);
  }

  /** The first of two documents with the same key counts. */
  private static List<Problem> again(
      DocumentKey key, Location start, Map<DocumentKey, Location> seen) {
    Location first = seen.putIfAbsent(key, start);
    return first == null
        ? List.of()
        : List.of(
            Problem.error(
                start,
                JsonPath.ROOT,
                key
                    + " is already given in line "
                    + first.line()
                    + " of this file; rename or remove one of the two"));
  }
}
