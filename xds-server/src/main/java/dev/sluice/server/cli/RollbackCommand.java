package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.policy.parse.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice rollback}: has the policies of an earlier revision hold. */
@Command(
    name = "rollback",
    description = {
      "Has the policies of an earlier revision hold for a time, in place of those of now.",
      "TrafficPolicies and Gateways are those of then; services, their instances and what is drained",
      "stay those of now. Edits are read meanwhile and held back, and come into force when it is lifted",
      "or ends: mend the documents before that. It is this server's alone: tell each replica.",
      "Without a revision it tells what is pinned. Exit code 1 when it is refused, or when a proxy has",
      "not acknowledged it in time."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice history                                 which revisions there are",
      "  sluice rollback 41 --dry-run                   what it would change",
      "  sluice rollback 41 --reason 'checkout fails'   for an hour",
      "  sluice rollback 41 orders.shop --expires-in 4h",
      "  sluice rollback --lift                         what is told holds again"
    })
final class RollbackCommand implements Callable<Integer> {
  private static final String PATH = "/v1/rollback";

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "REVISION",
      description = "Its number, as 'sluice history' tells it.")
  private @Nullable Long revision;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "SERVICE",
      description =
          "Only the policies of these services, NAME, or NAME.NAMESPACE where several namespaces have"
              + " it (default: all, and Gateways).")
  private List<String> services = List.of();

  @Option(names = "--lift", description = "End it: what is told holds again.")
  private boolean lift;

  @Option(
      names = "--expires-in",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long it holds, at most 24h (default: 1h).")
  private @Nullable Duration expiresIn;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, shown with it.")
  private @Nullable String reason;

  @Option(names = "--dry-run", description = "Show what it would change, and change nothing.")
  private boolean dryRun;

  @Mixin private WaitOptions wait = new WaitOptions();
  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    if (lift && revision != null) {
      throw new ParameterException(
          spec.commandLine(), "a revision to go back to, or --lift, but not both");
    }
    if (!lift && revision == null && (dryRun || reason != null || expiresIn != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "say which revision to go back to ('sluice history' shows them), or --lift; --reason,"
              + " --expires-in and --dry-run do nothing by themselves");
    }
    if (lift && (reason != null || expiresIn != null)) {
      throw new ParameterException(
          spec.commandLine(), "--reason and --expires-in are not for --lift");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!lift && revision == null) {
      JsonNode standing = admin.get(PATH);
      if (format.isText()) {
        RollbackText.standing(standing).forEach(out::println);
      } else {
        format.write(standing, out);
      }
      return ExitCode.OK;
    }
    ObjectNode answer =
        (ObjectNode)
            (lift ? admin.delete(PATH + (dryRun ? "?dryRun=true" : "")) : admin.put(PATH, body()));
    return dryRun ? tried(answer) : done(answer);
  }

  private int tried(JsonNode answer) {
    if (format.isText()) {
      new DiffText(spec).print(answer.path("difference"));
    } else {
      format.write(answer, spec.commandLine().getOut());
    }
    return answer.path("difference").path("changes").asBoolean() ? ExitCode.NO : ExitCode.OK;
  }

  private int done(ObjectNode answer) {
    PrintWriter out = spec.commandLine().getOut();
    JsonNode pinned = answer.path("rollback");
    if (lift && pinned.isMissingNode()) {
      if (format.isText()) {
        out.println("nothing is rolled back: nothing to do");
      } else {
        format.write(answer, out);
      }
      return ExitCode.OK;
    }
    if (format.isText()) {
      out.println(
          lift
              ? "lifted the rollback to revision %s: what is told holds again"
                  .formatted(pinned.path("revision").asText())
              : RollbackText.line(pinned));
      out.flush();
    }
    return new Waiting(spec, admin, wait, format)
        .finish(
            PATH,
            answer,
            standing -> lift || standing.path("rollback").equals(pinned),
            lift ? List::of : new Refusals(admin, pinned)::lines,
            "the server",
            lift
                ? Optional.empty()
                : Optional.of(Optional.ofNullable(expiresIn).orElse(Duration.ofHours(1))));
  }

  private ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("revision", revision);
    ArrayNode names = body.putArray("services");
    services.forEach(names::add);
    if (expiresIn != null) {
      body.put("expiresIn", Durations.text(expiresIn));
    }
    if (reason != null) {
      body.put("reason", reason);
    }
    body.put("by", System.getProperty("user.name", "unknown"));
    return body.put("dryRun", dryRun);
  }
}
