package dev.sluice.server.conditions.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.sluice.problem.Problem;
import dev.sluice.problem.Severity;
import dev.sluice.server.conditions.WantedStatus;
import dev.sluice.spec.DocumentKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The status of what a key holds, as a text for people and programs. */
final class StatusText {
  private static final ObjectWriter JSON =
      Calls.JSON.writer(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Spacing.AFTER)
                      .withObjectEmptySeparator("")
                      .withArrayEmptySeparator(""))
              .withArrayIndenter(new DefaultIndenter("  ", "\n"))
              .withObjectIndenter(new DefaultIndenter("  ", "\n")));

  /** Beyond these an author sees no further; what is wrong has to fit beside the rest. */
  private static final int MOST_PROBLEMS = 100;

  private static final String KEY = "key";
  private static final String DOCUMENTS = "documents";
  private static final String STATUS = "status";

  private StatusText() {}

  /**
   * The text.
   *
   * @param before the text as it is, for since when conditions are as they are; empty for none
   */
  static String of(WantedStatus wanted, String before, Instant now) {
    Map<String, Object> statuses = statuses(before);
    Map<String, Object> text = new LinkedHashMap<>();
    text.put(KEY, wanted.place());
    text.put("modifyIndex", wanted.generation());
    text.put("problems", problems(wanted.problems()));
    List<Object> documents = new ArrayList<>();
    wanted
        .documents()
        .forEach(
            (key, status) -> {
              Map<String, Object> document = named(key);
              document.put(STATUS, status.json(statuses.get(key.toString()), now));
              documents.add(document);
            });
    text.put(DOCUMENTS, documents);
    try {
      return JSON.writeValueAsString(text) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + text, e);
    }
  }

  private static Map<String, Object> named(DocumentKey key) {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("kind", key.kind().toString());
    named.put("namespace", key.namespace());
    named.put("name", key.name());
    return named;
  }

  private static List<Object> problems(List<Problem> all) {
    List<Object> problems = new ArrayList<>();
    for (Problem one : all.subList(0, Math.min(all.size(), MOST_PROBLEMS))) {
      Map<String, Object> problem = new LinkedHashMap<>();
      if (one.location().line() > 0) {
        problem.put("line", one.location().line());
      }
      if (one.location().column() > 0) {
        problem.put("column", one.location().column());
      }
      problem.put("path", one.path());
      problem.put("message", one.message());
      if (one.severity() == Severity.WARNING) {
        problem.put("severity", one.severity().toString().toLowerCase(Locale.ROOT));
      }
      problems.add(problem);
    }
    if (all.size() > MOST_PROBLEMS) {
      problems.add(Map.of("message", "and " + (all.size() - MOST_PROBLEMS) + " more"));
    }
    return problems;
  }

  /** Whether a text is the status of what that key holds, and not something else. */
  static boolean isOf(String key, String text) {
    return key.equals(read(text).get(KEY));
  }

  /** The statuses in a text, by {@code Kind namespace/name}; none from one that is none of ours. */
  private static Map<String, Object> statuses(String text) {
    Map<String, Object> statuses = new HashMap<>();
    if (read(text).get(DOCUMENTS) instanceof List<?> documents) {
      for (Object one : documents) {
        if (one instanceof Map<?, ?> document) {
          @Nullable Object status = document.get(STATUS);
          if (status != null) {
            statuses.put(
                "%s %s/%s"
                    .formatted(
                        document.get("kind"), document.get("namespace"), document.get("name")),
                status);
          }
        }
      }
    }
    return statuses;
  }

  private static Map<?, ?> read(String text) {
    try {
      return Calls.JSON.readValue(text, Object.class) instanceof Map<?, ?> map ? map : Map.of();
    } catch (JsonProcessingException e) {
      return Map.of();
    }
  }
}
