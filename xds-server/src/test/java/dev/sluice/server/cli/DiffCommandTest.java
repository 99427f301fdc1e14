package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.server.admin.AdminServer;
import dev.sluice.server.admin.DiffRoutes;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.settings.HostPort;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {
  private static final String SERVICE =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80}]
        endpoints: [{address: 10.0.0.1, port: 8080}]
      """;
  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        timeouts: {request: %s}
      """;

  private final LiveState live = new LiveState();
  private AdminServer server;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    live.sidecars("web", 3);
    live.tell("service.yaml", SERVICE);
    live.tell("orders.yaml", POLICY.formatted("1s"));
    FakeViews views = new FakeViews();
    server =
        AdminServer.start(
            new HostPort("127.0.0.1", 0),
            "1.2.3",
            views.views(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            views.overrides(),
            new DiffRoutes(live.diffs()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Sluice.Answer diff(String... arguments) {
    List<String> all = new ArrayList<>(List.of("diff", "--server", FakeAdmin.url(server)));
    all.addAll(List.of(arguments));
    return Sluice.run(all.toArray(String[]::new));
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("orders.yaml"), text).toString();
  }

  @Test
  void whatDocumentsChangeIsAUnifiedDiffPerGroupAndASummary() throws IOException {
    Sluice.Answer answer = diff("-f", file(POLICY.formatted("2s")));

    assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(answer.out().lines().toList())
        .startsWith(
            "sidecar web.shop (3 proxies)",
            "# routes outbound changed, virtual host orders.shop|80, shaped by TrafficPolicy shop/orders (orders.yaml:1:1)",
            "--- route/outbound",
            "+++ route/outbound")
        .contains("-          timeout: 1s", "+          timeout: 2s")
        .endsWith("", "3 proxies, 1 route changed");
  }

  @Test
  void theAnswerIsZeroWhereNothingChanges() throws IOException {
    Sluice.Answer answer = diff("-f", file(POLICY.formatted("1s")));

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).isEqualTo("nothing changes for any proxy\n");
  }

  @Test
  void documentsThatAreWrongAreTwoWithTheirPlaces() throws IOException {
    String file = file(POLICY.formatted("soon"));
    Sluice.Answer answer = diff("-f", file);

    assertThat(answer.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).startsWith(file + ":6:23 $.spec.timeouts.request:");
  }

  @Test
  void deletingIsTwoWordsAndANameThatIsNoneIsRefused() {
    Sluice.Answer gone = diff("--delete", "TrafficPolicy", "shop/orders");
    Sluice.Answer none = diff("--delete", "Policy", "shop/orders");

    assertThat(gone.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(gone.out()).contains("-          timeout: 1s");
    assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(none.err()).contains("\"Policy shop/orders\" names no document");
  }

  @Test
  void deletingWhatIsNotThereIsRefusedWithWhatIsNear() {
    Sluice.Answer near = diff("--delete", "TrafficPolicy", "shop/order");
    Sluice.Answer none = diff("--delete", "Gateway", "shop/public");

    assertThat(near.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(near.err())
        .contains(
            "no TrafficPolicy shop/order is known, so it cannot be deleted; did you mean"
                + " TrafficPolicy shop/orders");
    assertThat(near.out()).isEmpty();
    assertThat(none.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(none.err()).contains("no Gateway shop/public is known").contains("/v1/documents");
  }

  @Test
  void jsonHasTheVersionsBeforeAndAfter() throws IOException {
    Sluice.Answer answer = diff("-f", file(POLICY.formatted("2s")), "-o", "json");
    JsonNode json = new ObjectMapper().readTree(answer.out());

    JsonNode resource = json.path("groups").path(0).path("resources").path(0);
    assertThat(json.path("summary").asText()).isEqualTo("3 proxies, 1 route changed");
    assertThat(json.path("documents").path(0).path("change").asText()).isEqualTo("changed");
    assertThat(resource.path("before").asText()).isNotEqualTo(resource.path("after").asText());
    assertThat(resource.path("after").asText()).hasSize(16);
  }

  @Test
  void documentsOfSomeMegabytesAreTakenAndMoreAreRefused() throws IOException {
    String filler = "# " + "x".repeat(1022) + "\n";
    Sluice.Answer some = diff("-f", file(POLICY.formatted("1s") + filler.repeat(2 * 1024)));
    Files.writeString(folder.resolve("b.yaml"), filler.repeat(9 * 1024));
    Files.writeString(folder.resolve("c.yaml"), filler.repeat(9 * 1024));
    Sluice.Answer tooMuch =
        diff("-f", folder.resolve("b.yaml").toString(), folder.resolve("c.yaml").toString());

    assertThat(some.out()).isEqualTo("nothing changes for any proxy\n");
    assertThat(tooMuch.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(tooMuch.err()).contains("more than 16 MiB together");
  }

  @Test
  void nothingToCompareAndAServerThatIsNotThereAreSaid() throws IOException {
    assertThat(diff().exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(diff("-f", folder.resolve("none").toString()).err()).contains("is not there");
    String file = file(POLICY.formatted("2s"));
    String url = FakeAdmin.url(server);
    server.close();
    assertThat(Sluice.run("diff", "--server", url, "-f", file).exitCode())
        .isEqualTo(ExitCode.UNREACHABLE);
  }

  @Test
  void aMeshOfThousandsOfProxiesIsComparedWithinASecond() throws IOException {
    for (int i = 0; i < 8; i++) {
      live.sidecars("client" + i, 625);
    }
    StringBuilder services = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      services.append("---\n").append(SERVICE.replace("name: orders", "name: s" + i));
    }
    live.tell("many.yaml", services.toString());
    String file = file(POLICY.formatted("2s"));
    assertThat(diff("-f", file).out()).endsWith("5,003 proxies, 1 route changed\n");

    long begin = System.nanoTime();
    Sluice.Answer answer = diff("-f", file);
    long millis = (System.nanoTime() - begin) / 1_000_000;

    assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(millis).isLessThan(5_000); // It takes some tens; a busy machine may take its time.
    System.out.println("diff of 1,000 services, 5,003 proxies in 9 groups: " + millis + " ms");
  }
}
