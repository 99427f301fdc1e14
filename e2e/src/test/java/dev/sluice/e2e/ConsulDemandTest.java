package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.Role;
import dev.sluice.server.settings.ConsulSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a Consul with many services, only those are watched that somebody wants. */
@NeedsConsul
@NeedsEnvoy
class ConsulDemandTest {
  private static final int OTHERS = 30;
  private static final String HEALTH = "/v1/health/service/";

  @TempDir static Path data;
  private static ConsulServer consul;

  @BeforeAll
  static void startConsul() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    consul = ConsulServer.start(data, ConsulOptions.of("dc1"));
    for (int i = 0; i < OTHERS; i++) {
      consul
          .api()
          .catalog()
          .register(ConsulInstance.of("other-" + i, "other-" + i, "192.0.2." + (i + 1), 80));
    }
  }

  @AfterAll
  static void stopConsul() {
    Awaitility.reset();
    if (consul != null) {
      consul.close();
    }
  }

  private static ConsulSettings settings(ConsulProxy proxy) {
    return ConsulSettings.of("dc1", URI.create(proxy.address()), "shop").whereWanted();
  }

  /** The services that the mesh's server knows. */
  private static Set<String> known(TestMesh mesh) {
    return mesh.server().views().image().get().catalog().services().keySet().stream()
        .map(ServiceId::name)
        .collect(Collectors.toSet());
  }

  @Test
  void aGatewayHasWhatPoliciesNameAndNothingElseIsAskedFor(@TempDir Path folder) {
    try (ConsulProxy proxy = new ConsulProxy(consul.address());
        Machines machines = new Machines(consul);
        TestMesh mesh = new TestMesh("wanted", folder)) {
      machines.run("machine-1", "v1");
      mesh.watch(settings(proxy));
      mesh.savePolicy("");
      mesh.start(Role.GATEWAY);
      TrafficClient client = mesh.client(Role.GATEWAY);
      assertThat(client.send(50, 1).instances().keySet()).isEqualTo(Set.of("machine-1"));
      assertThat(known(mesh)).containsExactly("orders");
      assertThat(proxy.asked(HEALTH + "other-")).isZero();

      // It is as current as any, and another one comes with the document that names it.
      machines.run("machine-2", "v1");
      await().until(() -> client.send(50, 1).instances().size() == 2);
      mesh.save("other.yaml", Documents.policyOf("other-7", ""));
      await()
          .untilAsserted(
              () -> assertThat(known(mesh)).containsExactlyInAnyOrder("orders", "other-7"));
      assertThat(proxy.paths(HEALTH)).allMatch(path -> path.matches(".*/(orders|other-7)(\\?.*)?"));
    }
  }

  @Test
  void aSidecarsDependenciesAreReadBeforeItIsToldAnything(@TempDir Path folder) {
    try (ConsulProxy proxy = new ConsulProxy(consul.address());
        Machines machines = new Machines(consul);
        TestMesh mesh = new TestMesh("depends", folder)) {
      machines.run("machine-1", "v1");
      mesh.watch(settings(proxy));
      mesh.dependOn(new ServiceId("orders", "shop"), new ServiceId("other-3", "shop"));
      mesh.startServer();
      assertThat(known(mesh)).isEmpty();
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      assertThat(known(mesh)).containsExactlyInAnyOrder("orders", "other-3");

      // A server that has just begun knows nothing of them, and Consul takes its time.
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(4, Duration.ofMillis(1))) {
        traffic.await(200);
        mesh.stopServer();
        proxy.spoil(HEALTH, new ConsulProxy.Fault.Slow(Duration.ofSeconds(1)));
        mesh.startServer();
        envoy.awaitTrue("its services", () -> known(mesh).size() == 2);
        proxy.repair();
        machines.run("machine-2", "v1");
        await().until(() -> traffic.await(100).instances().size() == 2);
        assertThat(traffic.stop().failures()).isEmpty();
      }
      assertThat(proxy.asked(HEALTH + "other-2")).isZero();
    }
  }

  @Test
  void aSidecarWithoutDependenciesWantsItsWholeNamespace(@TempDir Path folder) {
    try (ConsulProxy proxy = new ConsulProxy(consul.address());
        Machines machines = new Machines(consul);
        TestMesh mesh = new TestMesh("whole", folder)) {
      machines.run("machine-1", "v1");
      mesh.watch(settings(proxy));
      mesh.startServer();
      assertThat(known(mesh)).isEmpty();
      mesh.start(Role.SIDECAR);

      assertThat(mesh.client(Role.SIDECAR).send(50, 1).failures()).isEmpty();
      assertThat(known(mesh)).hasSize(OTHERS + 1);
    }
  }

  @Test
  void aPolicyThatNamesAnotherServiceTakesEffectOnceThatIsRead(@TempDir Path folder) {
    try (ConsulProxy proxy = new ConsulProxy(consul.address());
        Machines machines = new Machines(consul);
        TestMesh mesh = new TestMesh("switched", folder)) {
      machines.run("machine-1", "v1");
      machines.run("machine-2", "v2", instance -> instance.of("renewed"));
      mesh.watch(settings(proxy));
      mesh.savePolicy("");
      mesh.start(Role.GATEWAY);
      try (ContinuousTraffic traffic =
          mesh.client(Role.GATEWAY).keepSending(4, Duration.ofMillis(1))) {
        traffic.await(200);
        proxy.spoil(HEALTH + "renewed", new ConsulProxy.Fault.Slow(Duration.ofSeconds(1)));
        mesh.save(
            "orders-policy.yaml",
            Documents.policy("")
                .replace(
                    "target: {service: orders}",
                    "target: {service: orders, backends: [{name: a, consul: {service: renewed}}]}"));
        await()
            .untilAsserted(
                () -> assertThat(traffic.await(100).instances()).containsOnlyKeys("machine-2"));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void dataCentresThatWantEachOthersServicesBothBegin(@TempDir Path folder) {
    String policies = "sluice/policies";
    try (ConsulServer other =
            ConsulServer.start(folder.resolve("consul"), ConsulOptions.of("dc2"));
        Machines machines = new Machines(consul);
        SluiceProcess sluice =
            SluiceProcess.start(
                folder,
                "sluice",
                """
                sources:
                  consul:
                    - {name: dc1, address: "%s", namespace: shop, watch: wanted}
                    - {name: dc2, address: "%s", namespace: far, watch: wanted, policies: %s}
                """
                    .formatted(consul.address(), other.address(), policies))) {
      machines.run("machine-1", "v1");
      sluice.awaitReady();
      assertThat(sluice.admin("/v1/services")).doesNotContain("10.244.");

      other.api().putKey(policies + "/orders", Documents.policyOf("orders", ""));
      await()
          .untilAsserted(
              () ->
                  assertThat(sluice.admin("/v1/services?name=orders.shop"))
                      .contains(machines.get("machine-1").address()));
      other.api().putKey(policies + "/orders", Documents.policyOf("other-4", ""));
      await()
          .untilAsserted(
              () -> assertThat(sluice.admin("/v1/services")).contains("other-4", "orders"));
    }
  }
}
