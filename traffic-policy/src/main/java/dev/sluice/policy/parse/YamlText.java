package dev.sluice.policy.parse;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * A text split into YAML documents.
 *
 * @param documents the documents that could be read, without those that hold nothing
 * @param complete whether these are all
 * @param problems syntax errors, keys given twice, exceeded limits
 */
record YamlText(List<Document> documents, boolean complete, List<Problem> problems) {
  YamlText {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
  }

  /**
   * One document.
   *
   * @param root what it holds
   * @param problems what is wrong with its YAML
   */
  record Document(YamlNode root, List<Problem> problems) {
    Document {
      problems = List.copyOf(problems);
    }
  }

  /** Reads all documents of a text; never throws for what the text holds. */
  static YamlText read(String file, String text) {
    List<Document> documents = new ArrayList<>();
    Composer composer = new Composer(file, text);
    try {
      checkCharacters(file, text);
      composer.readAll(documents);
      return new YamlText(documents, true, problems(documents));
    } catch (UnreadableText e) {
      List<Problem> problems = problems(documents);
      problems.add(e.problem());
      return new YamlText(documents, false, problems);
    } catch (YamlEngineException e) {
      List<Problem> problems = problems(documents);
      problems.add(SyntaxErrors.problem(file, e, composer.reached()));
      return new YamlText(documents, false, problems);
    }
  }

  private static List<Problem> problems(List<Document> documents) {
    List<Problem> problems = new ArrayList<>();
    documents.forEach(document -> problems.addAll(document.problems()));
    return problems;
  }

  /** The parser would say this too, but without the line, and only after reading far ahead. */
  private static void checkCharacters(String file, String text) throws UnreadableText {
    if (text.length() > Limits.CHARACTERS) {
      throw new UnreadableText(
          Location.ofFile(file),
          "holds more than " + Limits.CHARACTERS + " characters; divide it into several files");
    }
    int line = 1;
    int column = 1;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      if (!StreamReader.isPrintable(character)) {
        throw new UnreadableText(
            new Location(file, line, column),
            "the character U+%04X is not allowed in YAML; remove it, or in double quotes write \\u%04X"
                .formatted(character, character));
      }
      at += Character.charCount(character);
      column = character == '\n' ? 1 : column + 1;
      line = character == '\n' ? line + 1 : line;
    }
  }
}
