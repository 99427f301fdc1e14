package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice rollback}: a bad edit, and traffic that goes on through an Envoy. */
@NeedsEnvoy
class RollbackTest {
  private static final String GOOD = "retry: {attempts: 0}\n";
  private static final String BAD =
      GOOD + "routes: [{name: all, match: [{path: {prefix: /}}], respond: {status: 503}}]\n";

  @TempDir private Path folder;

  @Test
  void aBadEditIsUndoneUntilItIsMendedAndLiftedAndEndsByItselfToo() throws IOException {
    try (TestMesh mesh = new TestMesh("rollback", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy(GOOD);
      mesh.start(Role.SIDECAR);
      mesh.start(Role.GATEWAY);
      SluiceCommandLine sluice = new SluiceCommandLine(mesh.server().adminAddress().getPort());
      long good = newest(sluice);
      try (ContinuousTraffic traffic = mesh.client(Role.SIDECAR).keepSending()) {
        traffic.await(50);
        mesh.savePolicy(BAD);
        mesh.awaitAnswers(Role.SIDECAR, report -> report.statuses().containsKey(503));

        assertThat(sluice.expect(1, "rollback", good + "", "--dry-run"))
            .contains("-          status: 503", "2 proxies, 2 routes changed");
        assertThat(traffic.await(50).statuses()).containsOnlyKeys(503);
        assertThat(sluice.succeed("rollback", good + "", "--reason", "all fails"))
            .contains("rolled back to revision " + good + " until ", "2/2 proxies have it");

        long returned = System.nanoTime();
        assertThat(traffic.awaitSentAfter(returned, 300).statuses()).containsOnlyKeys(200);
        assertThat(sluice.succeed("rollback"))
            .contains("all fails", "TrafficPolicy shop/orders was edited and holds as it was");
        assertThat(sluice.succeed("status")).contains("rolled back to revision " + good);
        assertThat(sluice.succeed("check"))
            .contains("rolled back to revision " + good, "is held back by the rollback");
        assertThat(sluice.succeed("history", "--limit=1"))
            .contains("rollback to revision " + good + ": pinned by ");

        mesh.savePolicy(GOOD + "timeouts: {request: 7s}\n");
        Awaitility.await()
            .until(() -> sluice.succeed("rollback").contains("shop/orders was edited"));
        // The edit before this one was one too, so that alone does not tell which is known.
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(
                () ->
                    assertThat(sluice.expect(1, "rollback", "--lift", "--dry-run"))
                        .contains("timeout: 7s"));
        assertThat(sluice.succeed("rollback", "--lift"))
            .contains("lifted the rollback to revision " + good, "2/2 proxies have it");
        assertThat(traffic.awaitSentAfter(returned, 300).statuses()).containsOnlyKeys(200);
        assertThat(sluice.succeed("rollback")).contains("Nothing is rolled back.");

        mesh.savePolicy(BAD);
        mesh.awaitAnswers(Role.SIDECAR, report -> report.statuses().containsKey(503));
        sluice.succeed("rollback", good + "", "orders.shop", "--expires-in=5m");
        long pinned = System.nanoTime();
        assertThat(traffic.awaitSentAfter(pinned, 100).first(100).statuses()).containsOnlyKeys(200);
        sluice.succeed("rollback", good + "", "orders.shop", "--expires-in=2s", "--no-wait");
        mesh.awaitAnswers(Role.SIDECAR, report -> report.statuses().containsKey(503));
        assertThat(sluice.succeed("rollback")).contains("Nothing is rolled back.");
        assertThat(traffic.stop().statuses()).containsOnlyKeys(200, 503);
      }
    }
  }

  @Test
  void whatIsPinnedAndTheHistoryOutliveAServerThatIsKilled() throws IOException {
    DocumentFolder documents = new DocumentFolder(folder);
    int port = Ports.free();
    String configuration =
        "sources: {files: [%s]}\nstate: %s\n".formatted(documents.path(), folder.resolve("state"));
    try (TestBackend backend = TestBackend.start("v1", "a")) {
      documents.save("orders.yaml", Documents.orders(backend));
      documents.save("orders-policy.yaml", Documents.policyOf("orders", GOOD));
      long good;
      long before;
      try (SluiceProcess server = SluiceProcess.start(folder, "first", configuration)) {
        SluiceCommandLine sluice = new SluiceCommandLine(server.awaitReady().adminPort());
        try (EnvoyProcess _ = envoy(server.xdsPort(), port)) {
          good = newest(sluice);
          documents.save("orders-policy.yaml", Documents.policyOf("orders", BAD));
          awaitStatus(port, 503);
          sluice.succeed("rollback", good + "", "--expires-in=10m");
          awaitStatus(port, 200);
          before = newest(sluice);
        }
        Awaitility.await().until(() -> Files.exists(folder.resolve("state/history/rollback.json")));
        awaitWritten(before);
        server.kill();
      }

      try (SluiceProcess server = SluiceProcess.start(folder, "second", configuration);
          EnvoyProcess _ = envoy(server.awaitReady().xdsPort(), port)) {
        SluiceCommandLine sluice = new SluiceCommandLine(server.adminPort());
        assertThat(TrafficClient.to(port, "orders.shop").send(50).statuses()).containsOnlyKeys(200);
        assertThat(sluice.succeed("rollback")).contains("rolled back to revision " + good);
        assertThat(sluice.succeed("history", "--limit=100"))
            .contains("rollback to revision " + good, "TrafficPolicy shop/orders");
        assertThat(newest(sluice)).isGreaterThan(before);
        sluice.succeed("rollback", "--lift");
        awaitStatus(port, 503);
      }
    }
  }

  /** Waits until the history on disk has that revision: a thread of its own writes it. */
  private void awaitWritten(long revision) {
    Path file = folder.resolve("state/history/history.log");
    Pattern line = Pattern.compile("\"revision\":" + revision + "\\b");
    Awaitility.await()
        .until(() -> line.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)).find());
  }

  private static EnvoyProcess envoy(int xds, int outbound) {
    NodeGroup group =
        new NodeGroup(
            Role.SIDECAR,
            new ServiceId("front", "shop"),
            new TreeSet<>(),
            new TreeMap<>(),
            Locality.UNKNOWN,
            outbound,
            List.of());
    String bootstrap =
        new EnvoyBootstrap(
                new ProxyNode("rollback-restart", group),
                new HostPort("127.0.0.1", xds),
                0,
                EnvoyBootstrap.Variant.DELTA,
                null)
            .yaml();
    return EnvoyProcess.start("rollback-restart", bootstrap).awaitLive().awaitListener(outbound);
  }

  private static void awaitStatus(int port, int status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> TrafficClient.to(port, "orders.shop").send(20, 1).statuses().keySet(),
            all -> all.equals(Set.of(status)));
  }

  private static long newest(SluiceCommandLine sluice) throws IOException {
    JsonNode answer =
        new ObjectMapper().readTree(sluice.succeed("history", "--limit=1", "-o", "json"));
    return answer.path("revisions").path(0).path("revision").asLong();
  }
}
