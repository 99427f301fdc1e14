package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.server.xds.Stages;
import dev.sluice.server.xds.XdsServerSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A changed configuration comes to one of three real Envoys before it comes to the others. */
@NeedsEnvoy
class ConfigCanaryTest extends StoreTest {
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final String REFUSED = "cluster_manager\\.cds\\.update_rejected";

  private final Map<String, EnvoyProcess> envoys = new LinkedHashMap<>();

  @Override
  XdsServerSettings settings(XdsServerSettings standard) {
    return standard.withStages(new Stages(List.of(new Stages.Count(1)), WITHIN));
  }

  @AfterEach
  void stopEnvoys() {
    envoys.values().forEach(EnvoyProcess::close);
  }

  @ParameterizedTest
  @EnumSource
  void whatTheFirstRefusesTheOthersNeverSee(Variant variant) {
    start(variant);
    envoys
        .values()
        .forEach(envoy -> envoy.expectComplaint("update_rejected|config for .* rejected"));

    publish(staticCluster("orders", "0s"), staticCluster("users", "2s"));

    awaitAll("users", 2);
    assertThat(server.quarantined()).extracting(Quarantined::name).containsExactly("orders");
    assertThat(envoys.values())
        .allMatch(envoy -> has(envoy, "orders", 1))
        .filteredOn(envoy -> envoy.stats(REFUSED).containsValue(1L))
        .as("who was sent it")
        .hasSize(1);
    await().until(() -> server.canaries().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void whileTheFirstIsStoppedTheOthersKeepWhatTheyHave(Variant variant) {
    start(variant);
    // It is the same one every time, so it is who has to be asked for the next change.
    EnvoyProcess stopped = Objects.requireNonNull(envoys.get(first()));

    stopped.signal("STOP");
    try {
      publish(staticCluster("orders", "2s"));
      await().until(() -> server.canaries().stream().anyMatch(one -> one.halted().isPresent()));
      assertThat(server.canaries().getFirst().halted())
          .contains(first() + " did not acknowledge it within 2s");
      assertThat(envoys.values())
          .filteredOn(envoy -> envoy != stopped)
          .allMatch(envoy -> has(envoy, "orders", 1));
    } finally {
      stopped.signal("CONT");
    }
    awaitAll("orders", 2);
  }

  /** Whom a change comes to first: of these three ids the one with the least CRC-32C. */
  private String first() {
    return envoys.keySet().stream()
        .min(
            Comparator.comparingLong(
                id -> {
                  CRC32C hash = new CRC32C();
                  hash.update(id.getBytes(StandardCharsets.UTF_8));
                  return hash.getValue();
                }))
        .orElseThrow();
  }

  private void start(Variant variant) {
    for (String id : List.of("a", "b", "c")) {
      envoys.put(id, envoy(id, variant));
    }
    await().until(() -> server.proxies().size() == envoys.size());
    publish(staticCluster("orders", "1s"), staticCluster("users", "1s"));
    awaitAll("users", 1);
  }

  private void awaitAll(String cluster, int seconds) {
    envoys
        .values()
        .forEach(
            envoy ->
                envoy.awaitTrue(
                    cluster + " with " + seconds + "s", () -> has(envoy, cluster, seconds)));
  }
}
