package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands share that ask something of one rollout. */
final class Rolls {
  @Parameters(
      paramLabel = "POLICY",
      description = "Whose rollout: name, name.namespace or namespace/name.")
  private String name = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, shown with it.")
  private @Nullable String reason;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  /** Whether a rollout's policy is called so. */
  static boolean isCalled(DocumentName given, JsonNode rollout) {
    return given.name().equals(rollout.path("name").asText())
        && given.namespace().filter(it -> !it.equals(rollout.path("namespace").asText())).isEmpty();
  }

  /**
   * The rollout of that name.
   *
   * @throws CommandFailure when there is none, or several
   */
  static JsonNode one(DocumentName given, AdminClient admin) {
    JsonNode rollouts = admin.get("/v1/rollouts").path("rollouts");
    List<JsonNode> called =
        StreamSupport.stream(rollouts.spliterator(), false)
            .filter(each -> isCalled(given, each))
            .toList();
    if (called.size() > 1) {
      throw CommandFailure.lasting(
          ExitCode.USAGE,
          given + " may be any of " + names(called) + "; name one with its namespace");
    }
    if (called.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NO,
          "no policy called " + given + " has a rollout; 'sluice rollout status' shows all");
    }
    return called.getFirst();
  }

  /**
   * The rollout of the only policy among some documents that has one.
   *
   * @throws CommandFailure when there is none, or several
   */
  static JsonNode only(List<JsonNode> documents, AdminClient admin) {
    List<JsonNode> found =
        StreamSupport.stream(admin.get("/v1/rollouts").path("rollouts").spliterator(), false)
            .filter(each -> documents.stream().anyMatch(document -> isOf(document, each)))
            .toList();
    if (found.size() > 1) {
      throw CommandFailure.lasting(
          ExitCode.USAGE, "the files have the rollouts of " + names(found) + "; name one");
    }
    if (found.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NO, "no policy of the files has a rollout; 'sluice rollout status' shows all");
    }
    return found.getFirst();
  }

  private static boolean isOf(JsonNode document, JsonNode rollout) {
    return document.path("kind").asText().equals("TrafficPolicy")
        && document.path("name").asText().equals(rollout.path("name").asText())
        && document.path("namespace").asText().equals(rollout.path("namespace").asText());
  }

  /** Has the rollout do it, and shows how it stands then. */
  int ask(CommandSpec spec, String verb) {
    JsonNode one = one(DocumentName.of(name), admin);
    JsonNode answer =
        admin.post(
            "/v1/rollouts/%s/%s/%s"
                .formatted(
                    AdminClient.segment(one.path("namespace").asText()),
                    AdminClient.segment(one.path("name").asText()),
                    verb),
            body());
    PrintWriter out = spec.commandLine().getOut();
    if (format.isText()) {
      RolloutText.whole(answer, Colours.of(spec), Instant.now()).forEach(out::println);
    } else {
      format.write(answer, out);
    }
    return ExitCode.OK;
  }

  private ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("by", System.getProperty("user.name", "unknown"));
    return reason == null ? body : body.put("reason", reason);
  }

  private static String names(List<JsonNode> rollouts) {
    return rollouts.stream().map(RolloutText::name).collect(Collectors.joining(", "));
  }
}
