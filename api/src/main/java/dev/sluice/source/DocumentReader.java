package dev.sluice.source;

import dev.sluice.problem.Problem;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads and validates documents: what a source needs of the policy language, and no more. */
@FunctionalInterface
public interface DocumentReader {
  /**
   * Reads a text that may hold several documents.
   *
   * @param file how problems name the text
   * @param text YAML 1.2, documents separated by {@code ---}
   * @return every document and every problem; never throws for what the text holds
   */
  Reading read(String file, String text);

  /**
   * Reads one document as an API has it.
   *
   * @param file how problems name it
   * @param json JSON, which is YAML but for some characters in its strings
   */
  default Reading readJson(String file, String json) {
    return read(file, JsonAsYaml.text(json));
  }

  /**
   * What a text holds.
   *
   * @param items one for each document in the text, in order
   * @param complete false when the text as a whole could not be split into documents (YAML that
   *     does not parse, as of a half-written file): then nothing may be concluded from a document
   *     that is missing
   * @param problems all problems, sorted, those of {@code items} included
   */
  record Reading(List<Item> items, boolean complete, List<Problem> problems) {
    public Reading {
      items = List.copyOf(items);
      problems = problems.stream().sorted().toList();
    }
  }

  /**
   * One document of a text.
   *
   * @param key what it is, where at least kind and name could be read
   * @param document the document, where it is free of errors
   * @param problems what is wrong with it
   */
  record Item(Optional<DocumentKey> key, Optional<Document> document, List<Problem> problems) {
    public Item {
      Objects.requireNonNull(key);
      Objects.requireNonNull(document);
      problems = problems.stream().sorted().toList();
    }

    /** The same with another document in place of the one it has, if it has one. */
    public Item with(UnaryOperator<Document> change) {
      return new Item(key, document.map(change), problems);
    }
  }
}
