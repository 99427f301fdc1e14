package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.admin.AdminServer;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.source.SourceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateLimitsCommandTest {
  private static final String LIMITED =
      Mesh.GATEWAY + "  rateLimitService: {service: ratelimit, port: 8081}\n";
  private static final String POLICY =
      """
      ---
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        attach: {gateways: [{name: public}], hosts: [orders.example.com]}
        rateLimit: {global: [{name: user, key: [{header: x-user}], requests: 60, per: 1m}]}
      """;
  private static final String FILE =
      """
      domain: "public.shop"
      descriptors:
        - key: limit
          value: "shop/orders/user"
          rate_limit: {unit: minute, requests_per_unit: 60}
          descriptors:
            - key: "header(x-user)"
              rate_limit: {unit: minute, requests_per_unit: 60}
      """;

  @TempDir Path folder;

  @Test
  void documentsGiveTheServicesOwnConfiguration() throws IOException {
    write(LIMITED + "---\n" + Mesh.service("orders") + POLICY);

    Sluice.Answer answer = Sluice.run("rate-limits", "-f", folder.toString());

    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).isEqualTo(FILE);
    assertThat(answer.exitCode()).isZero();
    assertThat(Sluice.run("rate-limits", "public.shop", "-f", folder.toString())).isEqualTo(answer);
  }

  /** A file that lacks a limit would let everything through that it is about. */
  @Test
  void whileDocumentsHaveErrorsNothingIsWritten() throws IOException {
    write(LIMITED + "---\n" + Mesh.service("orders") + POLICY + POLICY.replace("1m}", "7m}"));

    Sluice.Answer answer = Sluice.run("rate-limits", "-f", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .contains("7m")
        .contains("nothing is written while documents have errors");
  }

  @Test
  void aDomainThatNobodyNamesIsTold() throws IOException {
    write(LIMITED);

    Sluice.Answer answer = Sluice.run("rate-limits", "public", "-f", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err())
        .isEqualTo(
            "sluice: no Gateway has a rateLimitService of the domain \"public\" (domains:"
                + " public.shop)\n");
  }

  @Test
  void withoutARateLimitServiceThereIsNothingToPrint() throws IOException {
    write(Mesh.GATEWAY);

    Sluice.Answer answer = Sluice.run("rate-limits", "-f", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).isEqualTo("sluice: there is no Gateway with a rateLimitService\n");
  }

  @Test
  void aServerIsAskedWhereNoDocumentsAreGiven() throws IOException {
    FakeViews views = new FakeViews();
    views.rateLimits = new TreeMap<>(Map.of("public.shop", FILE, "a", "domain: \"a\"\n"));

    try (AdminServer server = FakeAdmin.serve(views)) {
      assertThat(ask(server, "public.shop")).isEqualTo(new Sluice.Answer(0, FILE, ""));
      assertThat(ask(server))
          .isEqualTo(new Sluice.Answer(2, "", "sluice: which domain? There are a, public.shop\n"));
    }
  }

  @Test
  void aServerThatDoesNotKnowAllYetSaysSo() throws IOException {
    FakeViews views = new FakeViews();
    views.rateLimits = new TreeMap<>(Map.of("a", "domain: \"a\"\n"));
    views.sources =
        List.of(
            new SourceStatus(
                new SourceName("file", "files"),
                SourceStatus.State.STARTING,
                FakeViews.NOON,
                null,
                List.of()));

    try (AdminServer server = FakeAdmin.serve(views)) {
      Sluice.Answer answer = ask(server);
      assertThat(answer.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(answer.err()).contains("not every source has synced");
    }
  }

  private static Sluice.Answer ask(AdminServer server, String... domain) {
    String url = FakeAdmin.url(server);
    return domain.length == 0
        ? Sluice.run("rate-limits", "--server", url)
        : Sluice.run("rate-limits", domain[0], "--server", url);
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("documents.yaml"), text);
  }
}
