package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.readyAssignment;
import static dev.sluice.server.xds.Fixtures.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.ResourceType;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Routes that lead to an assignment leave after its first instances, and its last instances go
 * after the routes that lead there no longer.
 */
class SubscriptionInstancesTest {
  @ParameterizedTest
  @EnumSource
  void anAssignmentThatLosesItsLastInstanceWaitsForTheRoutesThatMoveAway(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "1"), readyAssignment("a"), listener("l", "1"), route("r", "1"));
    stream.want(CLUSTER, "*");
    stream.ack(CLUSTER, "*");
    stream.want(ENDPOINT, "a");
    stream.ack(ENDPOINT, "a");
    stream.want(LISTENER, "*");
    stream.ack(LISTENER, "*");
    stream.want(ROUTE, "r");
    stream.ack(ROUTE, "r");

    assertThat(stream.put(assignment("a", 1), route("r", "2"))).containsExactly("RDS[r]");
    assertThat(stream.ack(ROUTE, "r")).containsExactly("EDS[a]");
    stream.ack(ENDPOINT, "a");

    stream.put(readyAssignment("a"));
    stream.ack(ENDPOINT, "a");
    assertThat(stream.put(assignment("a", 2)))
        .as("no route moves away, so there is nothing to wait for")
        .containsExactly("EDS[a]");
  }

  @ParameterizedTest
  @EnumSource
  void routesDoNotOvertakeTheFirstInstancesToWhichTheyLead(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.put(assignment("a", 2)); // The client owes an answer, so that the next one waits.

    assertThat(stream.put(readyAssignment("a"), route("r", "2"))).isEmpty();
    assertThat(waitOf(stream, ROUTE))
        .isEqualTo("their first instances to be sent, at most for 10s");
    assertThat(stream.ack(ENDPOINT, "a")).containsExactly("EDS[a]", "RDS[r]");
    assertThat(waitOf(stream, ROUTE)).isEqualTo("the answer to what was sent");
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatNeverTakesTheFirstInstancesGetsItsRoutesAtTheDeadline(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.put(assignment("a", 2));
    stream.put(readyAssignment("a"));
    stream.pass(Duration.ofSeconds(2));

    assertThat(stream.put(route("r", "2"))).as("later, and still behind them").isEmpty();
    assertThat(stream.pass(Duration.ofSeconds(7))).isEmpty();
    assertThat(stream.pass(Duration.ofSeconds(1))).containsExactly("RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void instancesThatCameAndWentUnsentHoldNoRouteBack(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.put(assignment("a", 2));
    stream.put(readyAssignment("a"), route("r", "2"));

    assertThat(stream.put(assignment("a", 2))).containsExactly("RDS[r]");
    stream.ack(ROUTE, "r");
    stream.put(readyAssignment("a"));
    stream.put(assignment("a", 3));
    stream.ack(ENDPOINT, "a");
    assertThat(stream.put(route("r", "3"))).containsExactly("RDS[r]");
  }

  private static String waitOf(MachineStream stream, ResourceType type) {
    return stream.state.waitsFor(
        stream.state.subscriptions().stream()
            .filter(it -> it.type == type)
            .findFirst()
            .orElseThrow(),
        stream.now);
  }
}
