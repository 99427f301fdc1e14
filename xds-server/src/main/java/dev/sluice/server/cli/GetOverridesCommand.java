package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.cli.DocumentList.Column;
import dev.sluice.spec.Kind;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice get overrides}: what people took out of traffic. */
@Command(
    name = "overrides",
    description = {
      "Shows what was taken out of traffic by hand, or put into it, and until when.",
      "These are the InstanceOverrides that a server knows: those of 'sluice drain', and others.",
      "Exit code 1 when the override that is asked for is not known."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  sluice get overrides", "  sluice get overrides -n shop -o wide"})
final class GetOverridesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DocumentList documents = new DocumentList();

  @Override
  public Integer call() {
    return documents.show(
        spec,
        Kind.INSTANCE_OVERRIDE,
        List.of(
            new Column("SERVICE", one -> one.path("service").asText()),
            new Column("INSTANCE", GetOverridesCommand::instance),
            new Column("DOES", GetOverridesCommand::does),
            new Column("UNTIL", one -> one.path("expiresAt").asText("-"))));
  }

  private static String instance(JsonNode override) {
    JsonNode match = override.path("match");
    return match.has("labels")
        ? match.path("labels").properties().stream()
            .map(label -> label.getKey() + "=" + label.getValue().asText())
            .collect(Collectors.joining(","))
        : match.path("address").asText(match.path("pod").asText());
  }

  private static String does(JsonNode override) {
    String state = override.path("does").asText();
    String weight = override.has("weight") ? "weight " + override.path("weight").asText() : "";
    return (state + " " + weight).strip();
  }
}
