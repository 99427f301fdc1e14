package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice drain} and {@code restore} of machines, where the documents are in Consul's KV. */
@NeedsConsul
@NeedsEnvoy
class DrainConsulTest {
  private static final String ROOT = "5f1b5b6e-8b3c-4a67-9d0e-0c2f6f4f9a11";

  @TempDir private Path folder;

  @BeforeEach
  void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @AfterEach
  void noMorePatience() {
    Awaitility.reset();
  }

  @Test
  void aDrainedMachineGetsNothingNewOnceTheCommandHasReturnedAndComesBack() {
    try (ConsulServer consul =
            ConsulServer.start(folder.resolve("consul"), ConsulOptions.of("dc1"));
        Machines machines = new Machines(consul);
        SluiceProcess server = SluiceProcess.start(folder, "sluice", configuration(consul, ""));
        SluiceProcess replica = SluiceProcess.start(folder, "replica", configuration(consul, ""));
        TestMesh mesh = new TestMesh("drain-consul", folder)) {
      for (String name : List.of("machine-1", "machine-2", "machine-3")) {
        machines.run(name, "v1");
      }
      consul
          .api()
          .putKey("sluice/policies/orders", Documents.policyOf("orders", "retry: {attempts: 0}"));
      mesh.connectAt(server.awaitReady().xdsPort());
      mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);
      await().until(() -> client.send(50, 1).instances().size() == 3);
      SluiceCommandLine sluice = new SluiceCommandLine(server.adminPort());
      String address = machines.get("machine-2").address();
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        traffic.await(100);

        assertThat(sluice.succeed("drain", "orders.shop", address, "--reason", "new kernel"))
            .contains("by InstanceOverride shop/drain-orders-", "consul/dc1: sluice/policies/")
            .contains("1/1 proxies have it");

        long drained = System.nanoTime();
        assertThat(traffic.awaitSentAfter(drained, 1000).instances())
            .containsOnlyKeys("machine-1", "machine-3");
        assertThat(overrides(consul)).hasSize(1);
        assertThat(value(consul)).contains("sluice.dev/reason: \"new kernel\"", "state: drain");
        // A second one, of another server's, changes the first.
        new SluiceCommandLine(replica.awaitReady().adminPort())
            .succeed("drain", "orders", address + ":8080", "--out", "--no-wait");
        assertThat(overrides(consul)).hasSize(1);
        assertThat(value(consul)).contains("state: out");

        assertThat(sluice.succeed("restore", "orders.shop", address))
            .contains("is back", "1/1 proxies have it");
        assertThat(overrides(consul)).isEmpty();
        await().until(() -> traffic.await(100).instances().containsKey("machine-2"));

        sluice.succeed("drain", "orders.shop", address, "--expires-in", "8s");
        await().until(() -> traffic.await(100).instances().containsKey("machine-2"));
        assertThat(sluice.succeed("drain", "orders.shop", address, "--weight", "7"))
            .contains("has the weight 7");
        assertThat(overrides(consul)).hasSize(1);
        assertThat(traffic.stop().failures()).isEmpty();
      }
      assertThat(server.log()).contains("drained " + address).contains("restored " + address);
      assertThat(sluice.expect(1, "drain", "orders.shop", "10.9.9.9"))
          .contains("no instance \"10.9.9.9\" of orders.shop is known", address + ":8080");
      assertThat(sluice.expect(1, "drain", "order.shop", address))
          .contains("no service \"order.shop\" is known; did you mean orders.shop?");
    }
  }

  @Test
  void aTokenThatMayNotWriteIsToldWhatItNeeds() {
    ConsulOptions settings = ConsulOptions.of("dc1").withAcls(ROOT);
    try (ConsulServer consul = ConsulServer.start(folder.resolve("consul"), settings);
        Machines machines = new Machines(consul)) {
      machines.run("machine-1", "v1");
      machines.run("machine-2", "v1");
      String rules =
          """
          service_prefix "" { policy = "read" }
          node_prefix "" { policy = "read" }
          key_prefix "" { policy = "read" }
          """;
      String token = consul.api().createToken("reader", rules).secret();
      try (SluiceProcess server =
          SluiceProcess.start(folder, "sluice", configuration(consul, "token: " + token + ","))) {
        SluiceCommandLine sluice = new SluiceCommandLine(server.awaitReady().adminPort());

        assertThat(sluice.expect(3, "drain", "orders.shop", machines.get("machine-1").address()))
            .contains("consul/dc1: cannot write the key sluice/policies/overrides/shop/drain-")
            .contains("grant it key:read and key:write on sluice/policies/");
      }
      assertThat(overrides(consul)).isEmpty();
    }
  }

  private static Set<String> overrides(ConsulServer consul) {
    String body = consul.api().tryGet("/v1/kv/sluice/policies/overrides?keys=true").body();
    return body.isBlank()
        ? Set.of()
        : Set.copyOf(Arrays.asList(body.replaceAll("[\\[\\]\"\\s]", "").split(",")));
  }

  private static String value(ConsulServer consul) {
    return consul.api().getKey(overrides(consul).iterator().next()).orElseThrow();
  }

  private static String configuration(ConsulServer consul, String more) {
    return """
    sources:
      consul: [{name: dc1, address: "%s", %s namespace: shop, policies: sluice/policies}]
    """
        .formatted(consul.address(), more);
  }
}
