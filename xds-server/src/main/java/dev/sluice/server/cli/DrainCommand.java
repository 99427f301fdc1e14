package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.policy.parse.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice drain}: takes an instance out of traffic, by an InstanceOverride. */
@Command(
    name = "drain",
    description = {
      "Takes an instance out of traffic until 'sluice restore'.",
      "It finishes what it has and gets nothing new. The server writes an InstanceOverride where the"
          + " service's policy is (files, Kubernetes, Consul), and reads it from there like any other.",
      "Exit code 1 when it is refused, or when a proxy has not acknowledged it in time."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice drain orders.shop 10.0.0.7:8080 --reason leaks --expires-in 2h",
      "  sluice drain orders.shop orders-7f9c-x2x4l --out    a pod, at once",
      "  sluice drain orders.shop 10.0.0.7 --weight 1        a small share is left",
      "  sluice drain orders.shop 10.0.0.7 --dry-run         what it would write"
    })
final class DrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private InstanceOptions instance = new InstanceOptions();

  /** What becomes of it, where it is not drained. */
  static final class Instead {
    @Option(names = "--out", description = "Leave it out altogether: what it has may be cut off.")
    boolean out;

    @Option(
        names = "--weight",
        paramLabel = "N",
        description = "Keep it in, with this weight (1 to 1,000,000) among its peers.")
    @Nullable Integer weight;
  }

  @ArgGroup private @Nullable Instead instead;

  @Option(
      names = "--expires-in",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Let it come back by itself after this time, such as 2h.")
  private @Nullable Duration expiresIn;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, kept in the document.")
  private @Nullable String reason;

  @Option(
      names = "--source",
      paramLabel = "KIND/NAME",
      description = "Where to keep the document, such as consul/dc1, where nothing decides that.")
  private @Nullable String source;

  @Option(
      names = "--force",
      description =
          "Do it although it is the last healthy instance, is not known (yet), or means several.")
  private boolean force;

  @Option(
      names = "--dry-run",
      description = "Print the document and where it would be written, and change nothing.")
  private boolean dryRun;

  @Mixin private WaitOptions wait = new WaitOptions();
  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    ObjectNode answer = (ObjectNode) admin.put(instance.path(), body());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    answer
        .path("warnings")
        .forEach(one -> err.println("sluice: warning: " + Printable.text(one.asText())));
    err.flush();
    if (dryRun) {
      if (format.isText()) {
        out.println("# would be written to " + place(answer));
        out.print(answer.path("yaml").asText());
      } else {
        format.write(answer, out);
      }
      return ExitCode.OK;
    }
    if (format.isText()) {
      out.println(told(answer));
      out.flush();
    }
    return new Waiting(spec, admin, wait, format)
        .finish(
            instance.path(),
            answer,
            standing -> holds(standing.path("overrides"), answer),
            text(answer, "source"),
            Optional.ofNullable(expiresIn));
  }

  private ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (instead != null && instead.out) {
      body.put("state", "out");
    }
    if (instead != null && instead.weight != null) {
      body.put("weight", instead.weight);
    }
    if (expiresIn != null) {
      body.put("expiresIn", Durations.text(expiresIn));
    }
    if (reason != null) {
      body.put("reason", reason);
    }
    if (source != null) {
      body.put("source", source);
    }
    body.put("by", System.getProperty("user.name", "unknown"));
    body.put("force", force);
    body.put("dryRun", dryRun);
    return body;
  }

  /** Whether the very edition that was written is in force. */
  private static boolean holds(JsonNode overrides, JsonNode written) {
    return StreamSupport.stream(overrides.spliterator(), false)
        .anyMatch(
            one ->
                one.path("document").equals(written.path("document"))
                    && one.path("edition").equals(written.path("edition")));
  }

  private String told(JsonNode answer) {
    String what =
        instead == null ? "drains" : instead.out ? "is out" : "has the weight " + instead.weight;
    String until =
        answer.has("expiresAt")
            ? " until " + text(answer, "expiresAt")
            : ", until 'sluice restore'";
    return "%s of %s %s%s%nby %s in %s"
        .formatted(
            text(answer, "instance"),
            text(answer, "service"),
            what,
            until,
            text(answer, "document"),
            place(answer));
  }

  private static String place(JsonNode answer) {
    return text(answer, "source") + ": " + text(answer, "place");
  }

  private static String text(JsonNode answer, String key) {
    return Printable.text(answer.path(key).asText());
  }
}
