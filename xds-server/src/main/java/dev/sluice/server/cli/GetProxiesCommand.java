package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.demo.Ink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice get proxies}: who is connected. */
@Command(
    name = "proxies",
    description = {
      "Shows the proxies that are connected to a server, a line each.",
      "STATE is that of the type that is worst off; 'sluice status' has a line for each type.",
      "-o wide tells their software too, and which types are not SYNCED.",
      "Exit code 1 when the proxy that is asked for is not connected."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice get proxies -n shop",
      "  sluice get proxies --service web.shop -o wide",
      "  sluice get proxies --watch"
    })
final class GetProxiesCommand implements Callable<Integer> {
  /** Worst first. */
  private static final List<String> STATES = List.of("NACKED", "STALE", "NOT_SENT", "SYNCED");

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "PROXY", description = "Only the proxy of this id.")
  private @Nullable String proxy;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Only those of this namespace (default: all).")
  private @Nullable String namespace;

  @Option(
      names = "--service",
      paramLabel = "SERVICE",
      description = "Only those of this service: name, in any namespace, or name.namespace.")
  private @Nullable String service;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private WatchOptions watch = new WatchOptions();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    return watch.show(
        spec, format, new WatchOptions.Shown(this::look, this::text, _ -> ExitCode.OK));
  }

  private JsonNode look() {
    ArrayNode proxies = JsonNodeFactory.instance.arrayNode();
    if (proxy == null) {
      StreamSupport.stream(admin.get("/v1/proxies").path("proxies").spliterator(), false)
          .filter(this::isWanted)
          .forEach(proxies::add);
    } else {
      proxies.add(admin.get("/v1/proxies/" + AdminClient.segment(proxy)));
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("proxies", proxies);
    return answer;
  }

  private boolean isWanted(JsonNode one) {
    String name = one.path("service").asText();
    String where = one.path("namespace").asText();
    return (namespace == null || namespace.equals(where))
        && (service == null || service.equals(name) || service.equals(name + "." + where));
  }

  private List<String> text(JsonNode answer) {
    JsonNode proxies = answer.path("proxies");
    if (proxies.isEmpty()) {
      return List.of(
          namespace == null && service == null
              ? "No proxy is connected. 'sluice bootstrap --help' tells how to start one."
              : "No such proxy is connected.");
    }
    boolean wide = format.form() == OutputFormat.Form.WIDE;
    Instant now = Instant.now();
    Ink ink = Colours.of(spec);
    TextTable table =
        wide
            ? new TextTable(
                "PROXY", "ROLE", "SERVICE", "STATE", "CONNECTED", "SOFTWARE", "NOT SYNCED")
            : new TextTable("PROXY", "ROLE", "SERVICE", "STATE", "CONNECTED");
    for (JsonNode one : proxies) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  Printable.text(one.path("id").asText()),
                  one.path("role").asText(),
                  Printable.text(
                      one.path("service").asText() + "." + one.path("namespace").asText()),
                  state(one, ink),
                  Ages.text(Duration.between(Instant.parse(one.path("since").asText()), now))));
      if (wide) {
        row.add(Printable.text(one.path("software").asText("-")));
        row.add(behind(one));
      }
      table.row(row.toArray(String[]::new));
    }
    return table.lines();
  }

  /** That of the type that is worst off; of several the one that has been so longest. */
  private static String state(JsonNode proxy, Ink ink) {
    return StreamSupport.stream(proxy.path("types").spliterator(), false)
        .filter(type -> !type.path("state").asText().equals("NOT_SENT"))
        .min(
            Comparator.comparingInt((JsonNode type) -> STATES.indexOf(type.path("state").asText()))
                .thenComparingLong(type -> -type.path("behindMillis").asLong()))
        .map(type -> StatusCommand.state(type, ink))
        .orElseGet(() -> Colours.state("NOT_SENT", "NOT SENT", ink));
  }

  private static String behind(JsonNode proxy) {
    List<String> types = new ArrayList<>();
    for (JsonNode type : proxy.path("types")) {
      String state = type.path("state").asText();
      if (state.equals("NACKED") || state.equals("STALE")) {
        types.add(type.path("type").asText());
      }
    }
    return types.isEmpty() ? "-" : String.join(",", types);
  }
}
