package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice explain}: what would become of a request. */
@Command(
    name = "explain",
    description = {
      "Explains what a proxy would do with a request, and why.",
      "That is the listener, the route and the routes before it, the policy with its line, the shares of"
          + " the versions, the instances and their health, and the timeouts, retries and limits that it"
          + " would meet. Nothing is sent: Envoy's matching is gone through over what the proxy has"
          + " acknowledged, and where that is not the newest it says so.",
      "Exit code 1 when the proxy would answer 404 or 503 by itself, or when it cannot be told."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice explain GET http://orders.shop/api --from web.shop",
      "  sluice explain http://orders.shop/api --from web.shop -H 'x-canary: true'",
      "  sluice explain POST http://shop.example.com:8080/cart --from front-proxy.edge",
      "  sluice explain http://10.0.0.1:8080/ -H 'host: shop.example.com' -o wide"
    })
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..2",
      paramLabel = "[METHOD] URL",
      hideParamSyntax = true,
      description = "The request: its method (default: GET) and its URL, with a host.")
  private List<String> request = List.of();

  @Option(
      names = "--from",
      paramLabel = "PROXY",
      description =
          "Whose proxy takes it: a proxy's id or a service, web.shop. Needed where several kinds of"
              + " proxies are connected.")
  private @Nullable String from;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME:VALUE",
      description = "A header of the request; may be repeated. 'host' stands for the URL's host.")
  private List<String> headers = new ArrayList<>();

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    String method = request.size() == 2 ? request.getFirst() : "GET";
    String url = request.getLast();
    if (request.size() == 2 && method.contains("://")) {
      throw new ParameterException(
          spec.commandLine(), "write the method first: sluice explain " + url + " " + method);
    }
    StringBuilder query = new StringBuilder("/v1/explain?method=" + AdminClient.segment(method));
    query.append("&url=").append(AdminClient.segment(url));
    if (from != null) {
      query.append("&from=").append(AdminClient.segment(from));
    }
    headers.forEach(header -> query.append("&header=").append(AdminClient.segment(header)));
    JsonNode answer = admin.get(query.toString());
    if (format.isText()) {
      boolean wide = format.form() == OutputFormat.Form.WIDE;
      ExplainText text = new ExplainText(answer, wide, Colours.of(spec));
      text.lines(method + " " + url).forEach(spec.commandLine().getOut()::println);
    } else {
      format.write(answer, spec.commandLine().getOut());
    }
    return answer.path("routed").asBoolean() ? ExitCode.OK : ExitCode.NO;
  }
}
