package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.rollout.Phase;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two replicas carry out rollouts whose policies are in Consul. */
@NeedsConsul
@NeedsEnvoy
@Tag("waiting")
class RolloutReplicasConsulTest {
  private static final String KEPT = "sluice/policies-status-rollouts/shop/orders";

  @TempDir static Path folder;

  private static ConsulServer consul;
  private static Machines machines;
  private static ReplicaPair pair;
  private static RolloutReplicas rollouts;

  @BeforeAll
  static void start() {
    Awaitility.setDefaultTimeout(RolloutReplicas.TIMEOUT);
    consul = ConsulServer.start(folder.resolve("consul"), ConsulOptions.of("dc1"));
    machines = new Machines(consul);
    machines.run("machine-1", "v1");
    machines.run("machine-2", "v1");
    machines.run("machine-3", "v2");
    Place place = new Place();
    place.save(Documents.split(1, 0));
    pair = new ReplicaPair(folder, place, "shop");
    pair.startTraffic();
    rollouts = new RolloutReplicas(place, pair);
  }

  @AfterAll
  static void stop() {
    pair.close();
    machines.close();
    consul.close();
  }

  @Test
  void aStepWaitsForTheProxiesOfBothReplicas() {
    rollouts.countsTheProxiesOfBoth();
    ConsulStatuses statuses = new ConsulStatuses(consul.api());
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(statuses.condition("shop/orders.yaml", "RolloutProgressing"))
                    .isEqualTo("RolloutProgressing False Complete"));
  }

  @Test
  void aReplicaThatStartsInTheMiddleServesTheSharesOfThatMoment() {
    rollouts.servesTheSharesOfThatMomentFromTheFirstOn();
  }

  @Test
  void aLeaderThatWasStoppedWritesNothingWhenItWakes() {
    rollouts.whoWakesAndLeadsNoMoreWritesNothing();
  }

  @ParameterizedTest
  @EnumSource(names = {"READYING", "SHIFTING", "HOLDING", "APPROVING", "KEEPING", "REVERTING"})
  void theNextLeaderGoesOnWhereTheKilledOneStood(Phase phase) {
    rollouts.endsRightWhenTheLeaderIsKilledIn(phase);
  }

  private static final class Place implements RolloutPlace {
    private final ConsulStatuses statuses = new ConsulStatuses(consul.api());

    @Override
    public String configuration() {
      return ConsulStatuses.configuration(consul.address(), "");
    }

    @Override
    public void save(String sections) {
      statuses.put("shop/orders.yaml", Documents.policyOf("orders", sections));
    }

    @Override
    public JsonNode kept() {
      return ReplicaPair.json(consul.api().getKey(KEPT).orElse(""));
    }

    @Override
    public String leader() {
      return statuses.leader().isEmpty() ? "" : statuses.leadersName();
    }

    @Override
    public void readyV2(boolean ready) {
      machines.set("machine-3", ready ? ConsulStatus.PASSING : ConsulStatus.CRITICAL);
    }
  }
}
