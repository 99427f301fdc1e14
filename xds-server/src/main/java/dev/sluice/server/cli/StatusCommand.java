package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.demo.Ink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice status}: what each proxy has acknowledged. */
@Command(
    name = "status",
    description = {
      "Shows for each proxy and type of resource whether the newest is acknowledged.",
      "It is SYNCED, STALE and for how long, NACKED (with the proxy's own words), or NOT SENT.",
      "Exit code 1 when a proxy is out of sync, when something that one refused is in quarantine, or",
      "when a changed configuration has not come to all of them (rollout in the configuration).",
      "With --wait it ends when every proxy has acknowledged a document: exit code 0; or 1 when it",
      "does not hold, is refused, or --timeout is over. Give the files (-f) to be sure that it is",
      "your edition which is waited for, and not the one before."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice status",
      "  sluice status gateway~front-proxy.edge~host1 -o json",
      "  sluice status --watch",
      "  sluice status --wait -f orders.yaml --timeout 1m   in a pipeline, after it was applied",
      "  sluice status --wait shop/orders"
    })
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "PROXY", description = "Only the proxy of this id.")
  private @Nullable String proxy;

  @Mixin private StatusWait wait = new StatusWait();
  @Mixin private WatchOptions watch = new WatchOptions();
  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    if (wait.isWanted()) {
      if (proxy != null) {
        throw new ParameterException(
            spec.commandLine(), "--wait is for every proxy; leave out \"" + proxy + "\"");
      }
      return wait.run(spec, admin, format);
    }
    return watch.show(spec, format, new WatchOptions.Shown(this::look, this::text, this::exitCode));
  }

  private JsonNode look() {
    if (proxy != null) {
      return admin.get("/v1/proxies/" + AdminClient.segment(proxy));
    }
    ObjectNode answer = (ObjectNode) admin.get("/v1/proxies");
    answer.set("quarantine", admin.get("/v1/quarantine").path("quarantine"));
    answer.set("canaries", admin.get("/v1/canaries").path("canaries"));
    JsonNode past = admin.get(RollbackText.PIN);
    if (past.has("rollback")) {
      answer.set("rollback", past.path("rollback"));
      answer.set("held", past.path("held"));
    }
    return answer;
  }

  private List<JsonNode> proxies(JsonNode answer) {
    return proxy != null
        ? List.of(answer)
        : StreamSupport.stream(answer.path("proxies").spliterator(), false).toList();
  }

  private int exitCode(JsonNode answer) {
    boolean synced = proxies(answer).stream().allMatch(one -> one.path("synced").asBoolean());
    boolean everywhere = answer.path("quarantine").isEmpty() && answer.path("canaries").isEmpty();
    return synced && everywhere ? ExitCode.OK : ExitCode.NO;
  }

  private List<String> text(JsonNode answer) {
    List<String> lines = new ArrayList<>(table(proxies(answer)));
    lines.addAll(left(answer.path("left"), Instant.now()));
    answer.path("quarantine").forEach(one -> lines.addAll(quarantined(one)));
    answer.path("canaries").forEach(one -> lines.addAll(canary(one)));
    if (answer.has("rollback")) {
      lines.add("");
      lines.addAll(RollbackText.standing(answer));
    }
    return lines;
  }

  private List<String> table(List<JsonNode> proxies) {
    if (proxies.isEmpty()) {
      return List.of("No proxy is connected. 'sluice bootstrap --help' tells how to start one.");
    }
    boolean wide = format.form() == OutputFormat.Form.WIDE;
    TextTable table =
        wide
            ? new TextTable(
                "PROXY", "TYPE", "STATE", "ACKNOWLEDGED", "SENT", "RESOURCES", "SOFTWARE", "SINCE")
            : new TextTable("PROXY", "TYPE", "STATE", "ACKNOWLEDGED");
    Ink ink = Colours.of(spec);
    List<String> notes = new ArrayList<>();
    for (JsonNode one : proxies) {
      String id = one.path("id").asText();
      for (JsonNode type : one.path("types")) {
        String name = type.path("type").asText();
        String acknowledged = dash(type.path("acknowledged").asText());
        if (wide) {
          table.row(
              id,
              name,
              state(type, ink),
              acknowledged,
              dash(type.path("sent").asText()),
              type.path("resources").asText(),
              dash(one.path("software").asText()),
              one.path("since").asText());
        } else {
          table.row(id, name, state(type, ink), acknowledged);
        }
        if (!type.path("waitsFor").asText().isEmpty()) {
          notes.add("");
          notes.add(id + " " + name + ": waits for " + type.path("waitsFor").asText());
          String hint = Lagging.hint(id, type);
          if (!hint.isEmpty()) {
            notes.add("  " + hint);
          }
        }
        if (type.has("refusal")) {
          notes.addAll(refusal(id, name, type.path("refusal")));
        }
      }
      if (one.path("types").isEmpty()) {
        String state = Colours.state("NOT_SENT", "NOT SENT", ink);
        table.row(
            wide
                ? new String[] {id, "-", state, "-", "-", "0", "-", "-"}
                : new String[] {id, "-", state, "-"});
      }
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(notes);
    return lines;
  }

  private static List<String> left(JsonNode departed, Instant now) {
    List<String> lines = new ArrayList<>();
    for (JsonNode one : departed) {
      Duration ago = Duration.between(Instant.parse(one.path("at").asText()), now);
      lines.add(
          Printable.text(
              "  %s %s ago: %s"
                  .formatted(one.path("id").asText(), Ages.text(ago), one.path("why").asText())));
    }
    if (!lines.isEmpty()) {
      lines.addAll(0, List.of("", "Left within the last hour, and not back:"));
    }
    return lines;
  }

  private static List<String> refusal(String id, String type, JsonNode refusal) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(id + " refused " + type + ": " + Printable.text(refusal.path("message").asText()));
    refusal.path("resources").forEach(name -> lines.add("  resource " + name.asText()));
    refusal.path("causes").forEach(cause -> lines.add("  from " + cause.asText()));
    return lines;
  }

  private static List<String> quarantined(JsonNode one) {
    List<String> lines = new ArrayList<>();
    String part =
        one.has("virtualHost") ? ", virtual host " + one.path("virtualHost").asText() : "";
    lines.add("");
    lines.add(
        "In quarantine since %s: %s %s%s"
            .formatted(
                one.path("since").asText(),
                one.path("type").asText(),
                one.path("name").asText(),
                part));
    lines.add(
        "  refused by "
            + one.path("proxy").asText()
            + ": "
            + Printable.text(one.path("message").asText()));
    one.path("causes").forEach(cause -> lines.add("  from " + cause.asText()));
    lines.add(
        "  who has not got it keeps the version before; it is served again once it is edited");
    return lines;
  }

  private static List<String> canary(JsonNode one) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "A changed configuration of %s %s comes to %s of %s proxies first since %s; %s acknowledged it"
            .formatted(
                one.path("role").asText(),
                one.path("service").asText(),
                one.path("asked").size(),
                one.path("concerned").asText(),
                one.path("since").asText(),
                one.path("acknowledged").asText()));
    if (one.has("halted")) {
      lines.add("  it goes no further: " + Printable.text(one.path("halted").asText()));
      lines.add("  edit it or undo the edit; it goes on by itself when they acknowledge it");
    }
    if (one.path("newerWaits").asBoolean()) {
      lines.add("  a newer change waits for it");
    }
    one.path("asked").forEach(proxy -> lines.add("  asked " + Printable.text(proxy.asText())));
    one.path("resources").forEach(name -> lines.add("  changes " + name.asText()));
    one.path("causes").forEach(cause -> lines.add("  from " + cause.asText()));
    lines.add("  the others keep what they have, but for endpoints, which come to all");
    return lines;
  }

  /** A type's state, and for how long it has been behind. */
  static String state(JsonNode type, Ink ink) {
    String state = type.path("state").asText();
    String behind =
        state.equals("STALE") ? " " + type.path("behindMillis").asLong() / 1000 + "s" : "";
    return Colours.state(state, state.replace('_', ' ') + behind, ink);
  }

  private static String dash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
