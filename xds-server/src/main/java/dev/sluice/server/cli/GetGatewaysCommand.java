package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.cli.DocumentList.Column;
import dev.sluice.spec.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice get gateways}: the Gateways, and who listens for them. */
@Command(
    name = "gateways",
    description = {
      "Shows the Gateways that a server knows: where they listen, and which proxies they are for.",
      "PROXIES are those that have acknowledged all of it, of those that it concerns.",
      "Exit code 1 when the gateway that is asked for is not known."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  sluice get gateways", "  sluice get gateways edge/public -o wide"})
final class GetGatewaysCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DocumentList documents = new DocumentList();

  @Override
  public Integer call() {
    return documents.show(
        spec,
        Kind.GATEWAY,
        List.of(
            new Column("LISTENERS", GetGatewaysCommand::listeners),
            new Column("SELECTOR", GetGatewaysCommand::selector)));
  }

  /** Such as {@code HTTPS:443 (shop.example.com)}. */
  private static String listeners(JsonNode gateway) {
    List<String> listeners = new ArrayList<>();
    for (JsonNode one : gateway.path("listeners")) {
      List<String> hosts = new ArrayList<>();
      one.path("hosts").forEach(host -> hosts.add(host.asText()));
      listeners.add(
          one.path("protocol").asText()
              + ":"
              + one.path("port").asText()
              + (hosts.isEmpty() ? "" : " (" + String.join(" ", hosts) + ")"));
    }
    return String.join(", ", listeners);
  }

  private static String selector(JsonNode gateway) {
    return gateway.path("selector").properties().stream()
        .map(label -> label.getKey() + "=" + label.getValue().asText())
        .collect(Collectors.joining(","));
  }
}
