package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.ServerSettings.Writing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice drain} and {@code restore}, where the documents are files. */
@NeedsEnvoy
class DrainFilesTest {
  @TempDir private Path folder;

  @Test
  void aDrainedInstanceGetsNothingNewOnceTheCommandHasReturnedAndComesBackByRestore()
      throws IOException {
    try (TestMesh mesh = new TestMesh("drain-files", folder)) {
      TestBackend stays = mesh.backend("v1", "stays");
      TestBackend drained = mesh.backend("v1", "drained");
      mesh.saveOrders(stays, drained);
      mesh.savePolicy("retry: {attempts: 0}");
      mesh.start(Role.SIDECAR);
      mesh.start(Role.GATEWAY);
      SluiceCommandLine sluice = new SluiceCommandLine(mesh.server().adminAddress().getPort());
      String instance = "127.0.0.1:" + drained.port();
      try (ContinuousTraffic traffic = mesh.client(Role.SIDECAR).keepSending()) {
        traffic.await(50);
        List<String> before = files();

        assertThat(sluice.succeed("drain", "orders.shop", instance, "--dry-run"))
            .contains("kind: InstanceOverride", "\"" + instance + "\"");
        assertThat(files()).isEqualTo(before);
        assertThat(
                sluice.succeed(
                    "drain", "orders", instance, "--reason", "it leaks", "--expires-in=2h"))
            .contains(instance + " of orders.shop drains until ", "2/2 proxies have it");

        long returned = System.nanoTime();
        assertThat(traffic.awaitSentAfter(returned, 500).instances()).containsOnlyKeys("stays");
        assertThat(files()).hasSize(before.size() + 1);
        assertThat(sluice.expect(1, "drain", "orders", "127.0.0.1:" + stays.port()))
            .contains("is the last healthy instance of orders.shop", "--force");
        assertThat(files()).hasSize(before.size() + 1);

        assertThat(sluice.succeed("restore", "orders.shop", instance))
            .contains(instance + " of orders.shop is back", "2/2 proxies have it");
        assertThat(files()).isEqualTo(before);
        mesh.awaitAnswers(Role.SIDECAR, report -> report.instances().containsKey("drained"));
        assertThat(sluice.succeed("restore", "orders.shop", instance)).contains("nothing to do");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void whatPeopleWroteIsNamedAndLeftAlone() throws IOException {
    try (TestMesh mesh = new TestMesh("drain-by-hand", folder)) {
      TestBackend stays = mesh.backend("v1", "stays");
      TestBackend out = mesh.backend("v1", "out");
      mesh.saveOrders(stays, out);
      mesh.savePolicy("retry: {attempts: 0}");
      String byHand =
          """
          apiVersion: sluice.dev/v1
          kind: InstanceOverride
          metadata: {name: by-hand, namespace: shop}
          spec: {service: orders, match: {address: "127.0.0.1:%d"}, state: out}
          """
              .formatted(out.port());
      mesh.save("override.yaml", byHand);
      mesh.start(Role.SIDECAR);
      SluiceCommandLine sluice = new SluiceCommandLine(mesh.server().adminAddress().getPort());

      assertThat(sluice.expect(1, "restore", "orders", "127.0.0.1:" + out.port()))
          .contains("InstanceOverride shop/by-hand", "override.yaml:1:1");
      assertThat(sluice.succeed("drain", "orders", "127.0.0.1:" + out.port()))
          .contains("1/1 proxies have it");
      assertThat(sluice.expect(1, "restore", "orders", "127.0.0.1:" + out.port()))
          .contains("removed InstanceOverride shop/drain-orders-", "override.yaml:1:1");

      assertThat(Files.readString(folder.resolve("documents").resolve("override.yaml")))
          .isEqualTo(byHand);
      assertThat(mesh.client(Role.SIDECAR).send(50).instances()).containsOnlyKeys("stays");
    }
  }

  @Test
  void aServerThatIsToldNotToWriteWritesNothing() throws IOException {
    DocumentFolder documents = new DocumentFolder(folder);
    documents.save(
        "orders.yaml",
        Documents.service(
            List.of(Documents.instance(8081, "v1"), Documents.instance(8082, "v1")), "http"));
    HostPort any = new HostPort("127.0.0.1", 0);
    ServerSettings settings = ServerSettings.of(List.of(documents.path()), any, any);
    try (ControlPlane server = SluiceServer.start(settings.withWriting(Writing.OFF))) {
      SluiceCommandLine sluice = new SluiceCommandLine(server.adminAddress().getPort());

      assertThat(sluice.expect(3, "drain", "orders.shop", "127.0.0.1:8081"))
          .contains("this server writes nothing (admin.writes: false");
      assertThat(files()).containsExactly("orders.yaml");
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("documents"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
