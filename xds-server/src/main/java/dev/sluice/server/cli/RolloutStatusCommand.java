package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice rollout status}: how far rollouts are. */
@Command(
    name = "status",
    description = {
      "Shows how rollouts stand: their shares, steps, instances, and who has acknowledged them.",
      "With the name of one it tells all of it, and -w follows it.",
      "Exit code 1 when the one that is asked for is not known, or one went back, was given up, is",
      "paused or is blocked.",
      "In a pipeline give --wait the files (-f), to be sure that it is your edition which is waited",
      "for, and not the one before."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice rollout status",
      "  sluice rollout status -w orders",
      "  sluice rollout status --wait -f orders.yaml --timeout 30m   in a pipeline, after it was applied",
      "  sluice rollout status --wait orders",
      "  sluice rollout status shop/orders -o json"
    })
final class RolloutStatusCommand implements Callable<Integer> {
  private static final Set<String> BAD = Set.of("REVERTING", "REVERTED", "GIVEN_UP", "BLOCKED");

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "POLICY",
      description = "Only that of this TrafficPolicy: name, name.namespace or namespace/name.")
  private @Nullable String name;

  @Mixin private RolloutWait wait = new RolloutWait();
  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private WatchOptions watch = new WatchOptions();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    if (wait.isWanted()) {
      return wait.run(spec, format, Optional.ofNullable(name).map(DocumentName::of), admin);
    }
    return watch.show(
        spec, format, new WatchOptions.Shown(this::look, this::text, this::exitCode, true));
  }

  private JsonNode look() {
    ArrayNode wanted = JsonNodeFactory.instance.arrayNode();
    Optional<DocumentName> given = Optional.ofNullable(name).map(DocumentName::of);
    admin
        .get("/v1/rollouts")
        .path("rollouts")
        .forEach(
            one -> {
              if (given.filter(it -> !Rolls.isCalled(it, one)).isEmpty()) {
                wanted.add(one);
              }
            });
    return JsonNodeFactory.instance.objectNode().set("rollouts", wanted);
  }

  private List<String> text(JsonNode answer) {
    JsonNode rollouts = answer.path("rollouts");
    if (rollouts.isEmpty()) {
      return List.of(
          name == null
              ? "No policy has a rollout."
              : "No policy of that name has a rollout; 'sluice rollout status' shows all.");
    }
    Instant now = Instant.now();
    return name != null && rollouts.size() == 1
        ? RolloutText.whole(rollouts.path(0), Colours.of(spec), now)
        : RolloutText.table(rollouts, Colours.of(spec), now);
  }

  private int exitCode(JsonNode answer) {
    JsonNode rollouts = answer.path("rollouts");
    boolean isGood =
        StreamSupport.stream(rollouts.spliterator(), false)
            .noneMatch(one -> one.has("paused") || BAD.contains(one.path("phase").asText()));
    return isGood && (name == null || !rollouts.isEmpty()) ? ExitCode.OK : ExitCode.NO;
  }
}
