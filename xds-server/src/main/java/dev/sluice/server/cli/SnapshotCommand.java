package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.admin.YamlText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice snapshot}: exactly what a proxy was sent. */
@Command(
    name = "snapshot",
    description = {
      "Shows what a proxy was sent.",
      "That is a list of the resources, or with -o yaml or json, or with a NAME, the Envoy resources",
      "themselves. Where a proxy has acknowledged another version, it says so."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice snapshot gateway~front-proxy.edge~host1",
      "  sluice snapshot gateway~front-proxy.edge~host1 routes -o yaml"
    })
final class SnapshotCommand implements Callable<Integer> {
  /** The types as the admin API names them. */
  enum Type {
    CLUSTERS,
    ENDPOINTS,
    LISTENERS,
    ROUTES,
    SECRETS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PROXY", description = "The proxy's id.")
  private String proxy = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TYPE",
      description = "Only one of ${COMPLETION-CANDIDATES}.")
  private @Nullable Type type;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Only the resource of this name.")
  private @Nullable String name;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    JsonNode answer = admin.get("/v1/proxies/" + AdminClient.segment(proxy) + "/snapshot");
    ObjectNode wanted = new ObjectMapper().createObjectNode();
    int found = 0;
    for (Type each : type == null ? List.of(Type.values()) : List.of(type)) {
      var resources = wanted.putArray(each.toString());
      for (JsonNode resource : answer.path(each.toString())) {
        if (name == null || resource.path("name").asText().equals(name)) {
          resources.add(resource);
          found++;
        }
      }
    }
    if (name != null && found == 0) {
      throw new CommandFailure(
          ExitCode.NO, proxy + " was sent none of " + type + " with the name \"" + name + "\"");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!format.isText()) {
      format.write(wanted, out);
    } else if (name != null) {
      wanted.forEach(list -> list.forEach(one -> out.print(YamlText.of(one.path("resource")))));
    } else {
      print(wanted, out);
    }
    return ExitCode.OK;
  }

  private void print(ObjectNode wanted, PrintWriter out) {
    TextTable table = new TextTable("TYPE", "NAME", "VERSION", "ACKNOWLEDGED", "FROM");
    wanted
        .properties()
        .forEach(entry -> entry.getValue().forEach(one -> table.row(row(entry.getKey(), one))));
    table.lines().forEach(out::println);
  }

  private static String[] row(String type, JsonNode resource) {
    String version = resource.path("version").asText();
    String acknowledged = resource.path("acknowledged").asText();
    StringBuilder from = new StringBuilder();
    resource
        .path("documents")
        .forEach(document -> from.append(from.isEmpty() ? "" : ", ").append(document.asText()));
    return new String[] {
      type,
      resource.path("name").asText(),
      version,
      acknowledged.equals(version) ? "yes" : acknowledged.isEmpty() ? "no" : acknowledged,
      from.isEmpty() ? "defaults" : from.toString()
    };
  }
}
