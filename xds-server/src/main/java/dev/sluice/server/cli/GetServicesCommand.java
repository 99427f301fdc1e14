package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice get services}: the catalog, merged over all sources. */
@Command(
    name = "services",
    description = {
      "Shows the services that a server knows, merged over its sources.",
      "INSTANCES are the healthy ones of all; SOURCES tells how many came from each.",
      "-o wide has a line for each instance, HIDDEN where another source's counts.",
      "Exit code 1 when the service that is asked for is not known."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice get services -n shop             all of a namespace",
      "  sluice get services stock.shop -o wide  where each instance came from"
    })
final class GetServicesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "Only that of this name: name, in any namespace, or name.namespace.")
  private @Nullable String service;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Only those of this namespace (default: all).")
  private @Nullable String namespace;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private WatchOptions watch = new WatchOptions();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    boolean counts = format.form() == OutputFormat.Form.TEXT;
    List<String> query = new ArrayList<>();
    add(query, "name", service);
    add(query, "namespace", namespace);
    add(query, "endpoints", counts ? "false" : "true");
    return watch.show(
        spec,
        format,
        new WatchOptions.Shown(
            () -> look(query), answer -> text(answer.path("services"), counts), _ -> ExitCode.OK));
  }

  private ObjectNode look(List<String> query) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("services", ServicePages.all(admin, query));
    return answer;
  }

  private List<String> text(JsonNode services, boolean counts) {
    if (services.isEmpty()) {
      return List.of(none());
    }
    ServicesText text = new ServicesText(Colours.of(spec));
    return counts ? text.table(services) : text.wide(services);
  }

  private static void add(List<String> query, String name, @Nullable String value) {
    if (value != null) {
      query.add(name + "=" + AdminClient.segment(value));
    }
  }

  private String none() {
    return namespace == null
        ? "The server knows no service; 'sluice get sources' tells how its sources are doing."
        : "The server knows no service of the namespace \"" + Printable.text(namespace) + "\".";
  }
}
