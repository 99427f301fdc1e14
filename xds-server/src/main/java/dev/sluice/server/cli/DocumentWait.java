package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Waits until every proxy that documents concern has acknowledged all that they make.
 *
 * @param look asks the server for them; an answer without one of them says that it is not known yet
 * @param wanted how many there are to be
 * @param timeout how long it waits
 */
record DocumentWait(Supplier<JsonNode> look, int wanted, Duration timeout) {
  /** How it ended, or how far it is. */
  enum End {
    /** Every proxy has all of it. */
    DONE,
    /** It does not come to all proxies before it is edited. */
    REFUSED,
    /** Not yet. */
    WAITING
  }

  /**
   * What a look showed.
   *
   * @param end how far it is
   * @param documents as the server told of them
   * @param failure why the last look failed; empty where it did not
   */
  record Outcome(End end, JsonNode documents, Optional<String> failure) {
    static final Outcome NONE =
        new Outcome(End.WAITING, JsonNodeFactory.instance.arrayNode(), Optional.empty());

    Outcome failed(String why) {
      return new Outcome(End.WAITING, documents, Optional.of(why));
    }

    /** {@code 3/4 proxies have it}. */
    String text() {
      int acknowledged = 0;
      int concerned = 0;
      for (JsonNode one : documents) {
        acknowledged += one.path("acknowledged").asInt();
        concerned += one.path("concerned").asInt();
      }
      return documents.size() > 1
          ? "%d/%d acknowledgements of %d documents"
              .formatted(acknowledged, concerned, documents.size())
          : acknowledged + "/" + concerned + " proxies have it";
    }

    /** A line for each document that is in force. */
    List<String> lines() {
      List<String> lines = new ArrayList<>();
      for (JsonNode one : documents) {
        if (!one.path("inForce").asBoolean()) {
          continue; // Of an edition that does not hold there is no count.
        }
        lines.add(
            one.path("concerned").asInt() == 0
                ? DocumentText.key(one) + ": it concerns no proxy of this server"
                : "%s: %s/%s proxies have it"
                    .formatted(
                        DocumentText.key(one),
                        one.path("acknowledged").asText(),
                        one.path("concerned").asText()));
      }
      return lines;
    }
  }

  /**
   * Waits.
   *
   * @param tick is told of each look
   * @throws CommandFailure when a look fails in a way that stays
   */
  Outcome await(Consumer<Outcome> tick) {
    return new Looks(timeout)
        .until(Outcome.NONE, this::look, outcome -> outcome.end() != End.WAITING, tick);
  }

  private Outcome look(Outcome before) {
    try {
      JsonNode documents = look.get();
      return new Outcome(end(documents), documents, Optional.empty());
    } catch (CommandFailure e) {
      if (e.endsWait()) {
        throw e;
      }
      return before.failed(String.valueOf(e.getMessage()));
    }
  }

  private End end(JsonNode documents) {
    boolean all = documents.size() >= wanted;
    for (JsonNode one : documents) {
      if (isAsGiven(one) && isRefused(one)) {
        return End.REFUSED;
      }
      all &= isAsGiven(one) && one.path("acknowledged").asInt() == one.path("concerned").asInt();
    }
    return all ? End.DONE : End.WAITING;
  }

  /** Whether the server has the very edition that is waited for; any, where none was given. */
  private static boolean isAsGiven(JsonNode document) {
    return document.path("asGiven").asBoolean(true);
  }

  private static boolean isRefused(JsonNode document) {
    return !document.path("inForce").asBoolean()
        || document.path("state").asText().equals("REJECTED")
        || !document.path("quarantine").isEmpty();
  }

  /** Why it has not come to all proxies, a line each. */
  List<String> missing(Outcome outcome) {
    List<String> lines = new ArrayList<>();
    outcome.failure().ifPresent(why -> lines.add("the server could not be asked: " + why));
    if (outcome.documents().size() < wanted && outcome.failure().isEmpty()) {
      lines.add(
          "the server does not know %s; 'sluice get sources' tells what it has read"
              .formatted(wanted == 1 ? "it" : "all of them"));
    }
    for (JsonNode one : outcome.documents()) {
      if (!isAsGiven(one)) {
        lines.add(
            DocumentText.key(one)
                + ": the server has another edition, of "
                + one.path("file").asText()
                + ":"
                + one.path("line").asText());
      } else if (isRefused(one)) {
        lines.add(DocumentText.key(one) + " does not hold: " + DocumentText.state(one));
        lines.addAll(DocumentText.problems(one));
      } else {
        behind(one).forEach(lines::add);
      }
    }
    return lines;
  }

  private static ArrayList<String> behind(JsonNode document) {
    ArrayList<String> lines = new ArrayList<>();
    for (JsonNode proxy : document.path("proxies")) {
      if (!proxy.path("acknowledged").asBoolean()) {
        String why = proxy.path("message").asText();
        lines.add(
            Printable.text("  " + proxy.path("id").asText() + (why.isEmpty() ? "" : ": " + why)));
      }
    }
    if (!lines.isEmpty()) {
      lines.addFirst(DocumentText.key(document) + ": these proxies have not acknowledged it:");
    }
    return lines;
  }
}
