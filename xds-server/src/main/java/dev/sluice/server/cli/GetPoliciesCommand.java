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

/** {@code sluice get policies}: what became of each TrafficPolicy. */
@Command(
    name = "policies",
    description = {
      "Shows the TrafficPolicies that a server knows, and how many proxies have each.",
      "STATE is Accepted, or why a policy is not, or not wholly, in force; PROXIES are those that have",
      "acknowledged all of it, of those that it concerns; - where this edition is not in force.",
      "SPLIT has its weights; of a policy with a rollout which kind it is, 'sluice rollout status' tells more.",
      "-o wide tells the file and line.",
      "Exit code 1 when the policy that is asked for is not known."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice get policies -n shop",
      "  sluice get policies shop/orders -o wide",
      "  sluice get policies --watch              follow a change as proxies acknowledge it"
    })
final class GetPoliciesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DocumentList documents = new DocumentList();

  @Override
  public Integer call() {
    return documents.show(
        spec,
        Kind.TRAFFIC_POLICY,
        List.of(
            new Column("TARGET", one -> one.path("target").asText("-")),
            new Column("SPLIT", GetPoliciesCommand::split)));
  }

  private static String split(JsonNode policy) {
    String shares =
        policy.path("split").properties().stream()
            .map(share -> share.getKey() + "=" + share.getValue().asText())
            .collect(Collectors.joining(","));
    return shares.isEmpty() ? policy.path("rollout").asText("-") : shares;
  }
}
