package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Looks at one rollout for who waits for it: whether it is that of the edition which is meant, and
 * whether that one holds.
 *
 * @param named whose it is; empty for that of the files' only policy which has one
 * @param files what the server is to have read; empty for whatever it has read last
 * @param admin where it is looked
 */
record RolloutLooks(Optional<DocumentName> named, Optional<ArrayNode> files, AdminClient admin) {
  private static final Set<String> GOOD = Set.of("COMPLETE", "KEEPING");
  private static final Set<String> OVER =
      Set.of("COMPLETE", "KEEPING", "REVERTED", "GIVEN_UP", "BLOCKED", "APPROVING");

  /**
   * What a look showed.
   *
   * @param rollout how it stands; missing where that is not known
   * @param awaited why that is not about the edition that is meant yet; empty where it is
   * @param wrong what is wrong with that edition, a line each
   * @param failure why the last look failed; empty where it did not
   */
  record Seen(
      JsonNode rollout,
      Optional<String> awaited,
      List<String> wrong,
      Optional<CommandFailure> failure) {
    static final Seen NOTHING = awaiting(JsonNodeFactory.instance.missingNode(), "");

    static Seen awaiting(JsonNode rollout, String what) {
      return new Seen(rollout, Optional.of(what), List.of(), Optional.empty());
    }

    boolean isOver() {
      return failure.map(CommandFailure::endsWait).orElse(!wrong.isEmpty() || isAtAnEnd());
    }

    private boolean isAtAnEnd() {
      return awaited.isEmpty()
          && (rollout.path("hindrance").path("lasting").asBoolean()
              || rollout.has("paused")
              || OVER.contains(rollout.path("phase").asText()));
    }

    boolean isGood() {
      return failure.isEmpty()
          && wrong.isEmpty()
          && isAtAnEnd()
          && !rollout.path("hindrance").path("lasting").asBoolean()
          && GOOD.contains(rollout.path("phase").asText());
    }

    /** In a line, for somebody who follows it. */
    String line() {
      return failure
          .map(Throwable::getMessage)
          .or(() -> awaited)
          .orElseGet(() -> RolloutText.line(rollout));
    }
  }

  /** One more look. */
  Seen after(Seen before) {
    try {
      return look();
    } catch (CommandFailure e) {
      return new Seen(before.rollout(), before.awaited(), List.of(), Optional.of(e));
    }
  }

  private Seen look() {
    List<JsonNode> documents = new ArrayList<>();
    if (files.isPresent()) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.set("documents", files.get());
      JsonNode standing = admin.post("/v1/documents/standing", body);
      standing.path("documents").forEach(documents::add);
      Optional<String> awaited = unread(standing.path("asked").asInt(), documents);
      if (awaited.isPresent()) {
        return Seen.awaiting(JsonNodeFactory.instance.missingNode(), awaited.get());
      }
      List<String> wrong = wrong(documents);
      if (!wrong.isEmpty()) {
        return new Seen(
            JsonNodeFactory.instance.missingNode(), Optional.empty(), wrong, Optional.empty());
      }
    }
    JsonNode rollout =
        named.map(it -> Rolls.one(it, admin)).orElseGet(() -> Rolls.only(documents, admin));
    return new Seen(rollout, awaited(rollout), wrong(rollout), Optional.empty());
  }

  /** Why the server has not read the files yet; empty where it has. */
  private static Optional<String> unread(int asked, List<JsonNode> documents) {
    if (documents.size() < asked) {
      return Optional.of("the server has not read all of the files' documents yet");
    }
    return documents.stream()
        .filter(one -> !one.path("asGiven").asBoolean())
        .findFirst()
        .map(
            one ->
                "%s: the server has another edition, of %s:%s"
                    .formatted(
                        DocumentText.key(one),
                        Printable.text(one.path("file").asText()),
                        one.path("line").asText()));
  }

  private static List<String> wrong(List<JsonNode> documents) {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : documents) {
      boolean isHeldBack = one.path("reason").asText().equals("HeldBack"); // It ends by itself.
      boolean holds = one.path("inForce").asBoolean();
      if (one.path("state").asText().equals("REJECTED") || !(holds || isHeldBack)) {
        wrong.add(DocumentText.key(one) + " does not hold: " + DocumentText.state(one));
        wrong.addAll(DocumentText.problems(one));
      }
    }
    return wrong;
  }

  /** What is told of an edit before it is in force is about what was before. */
  private static Optional<String> awaited(JsonNode rollout) {
    JsonNode hindrance = rollout.path("hindrance");
    boolean isOnItsWay =
        Set.of("ROLLBACK", "PENDING", "EDITED", "UNKEPT").contains(hindrance.path("kind").asText());
    if (isOnItsWay) {
      return Optional.of(RolloutText.line(rollout));
    }
    return rollout.path("takenUp").asBoolean() || hindrance.path("lasting").asBoolean()
        ? Optional.empty()
        : Optional.of(RolloutText.name(rollout) + ": its edit is being taken up");
  }

  /** Why what was read last of the policy is not what is carried out. */
  private List<String> wrong(JsonNode rollout) {
    List<String> wrong = new ArrayList<>();
    if (rollout.has("aside")) {
      wrong.add(
          "the newest edition of %s does not hold: %s"
              .formatted(
                  RolloutText.name(rollout), Printable.text(rollout.path("aside").asText())));
    }
    String file = rollout.path("place").asText().replaceFirst(":\\d+:\\d+$", "");
    List<JsonNode> errors =
        StreamSupport.stream(admin.get("/v1/sources").path("sources").spliterator(), false)
            .flatMap(source -> StreamSupport.stream(source.path("problems").spliterator(), false))
            .filter(
                problem ->
                    problem.path("severity").asText().equals("ERROR")
                        && problem.path("file").asText().equals(file))
            .collect(Collectors.toList());
    if (!errors.isEmpty()) {
      wrong.add(
          "the newest edition of %s is wrong, so the one before it holds:"
              .formatted(RolloutText.name(rollout)));
      errors.forEach(problem -> wrong.add(DocumentText.problem(problem)));
    }
    return wrong;
  }
}
