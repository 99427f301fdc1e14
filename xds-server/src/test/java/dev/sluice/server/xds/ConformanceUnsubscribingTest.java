package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.route;
import static dev.sluice.server.xds.Wire.DELTA_AGGREGATED;
import static dev.sluice.server.xds.Wire.DELTA_ONE_TYPE;
import static dev.sluice.server.xds.Wire.SOTW_AGGREGATED;
import static dev.sluice.server.xds.Wire.SOTW_ONE_TYPE;
import static org.assertj.core.api.Assertions.assertThat;

@Section(value = "Unsubscribing", place = 3)
class ConformanceUnsubscribingTest extends WireTest {
  @Behaviour("What is asked for no longer is sent no more.")
  void whatIsGivenUpIsSentNoMore(Wire wire) throws Exception {
    publish(route("r", "1"), route("s", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "r", "s");
    proxy.accept(ROUTE);
    proxy.giveUp(ROUTE, "r");
    assertQuiet(proxy);
    publish(route("r", "2"));
    publish(route("s", "2"));
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("s", "2"));
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "After names were asked for, an empty list asks for nothing; it is no wildcard.",
      on = {SOTW_AGGREGATED, SOTW_ONE_TYPE})
  void anEmptyListAfterNamesAsksForNothing(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER, "a");
    proxy.accept(CLUSTER);
    proxy.giveUp(CLUSTER, "a");
    assertQuiet(proxy);
    publish(cluster("a", "2"));
    awaitPublished();
    assertQuiet(proxy);
    assertThat(status("one", CLUSTER).names()).isEmpty();
    proxy.ask(CLUSTER, "a");
    assertThat(proxy.accept(CLUSTER).resources()).containsExactly(cluster("a", "2"));
  }

  @Behaviour("Everything can be given up and asked for again.")
  void everythingCanBeGivenUpAndAskedForAgain(Wire wire) throws Exception {
    publish(cluster("a", "1"), route("r", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER, "*");
    proxy.accept(CLUSTER);
    proxy.ask(ROUTE, "r");
    proxy.accept(ROUTE);
    proxy.giveUp(CLUSTER, "*");
    proxy.giveUp(ROUTE, "r");
    assertQuiet(proxy);
    proxy.ask(CLUSTER, "*");
    assertThat(proxy.accept(CLUSTER).resources()).containsExactly(cluster("a", "1"));
    proxy.ask(ROUTE, "r");
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("r", "1"));
    assertQuiet(proxy);
  }

  @Behaviour(
      "A name that is given up and asked for again is sent again, though its version is equal.")
  void aNameThatIsAskedForAgainIsSentAgain(Wire wire) throws Exception {
    publish(cluster("a", "1"), assignment("a", 1), assignment("b", 1), route("r", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ENDPOINT, "a", "b");
    proxy.accept(ENDPOINT);
    proxy.giveUp(ENDPOINT, "a");
    assertQuiet(proxy);
    proxy.ask(ENDPOINT, "a");
    assertThat(proxy.accept(ENDPOINT).resources()).containsExactly(assignment("a", 1));
    assertQuiet(proxy);
  }

  @Behaviour("* can be given up while names are kept.")
  void theWildcardCanBeGivenUpWhileNamesAreKept(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER, "*", "a");
    proxy.accept(CLUSTER);
    proxy.giveUp(CLUSTER, "*");
    assertQuiet(proxy);
    publish(cluster("b", "2"));
    publish(cluster("a", "2"));
    Received news = proxy.accept(CLUSTER);
    assertThat(news.resources()).containsExactly(cluster("a", "2"));
    assertThat(news.removed()).isEmpty();
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "Unsubscribing from a name that * covers sends it again, or says that it is gone.",
      on = {DELTA_AGGREGATED, DELTA_ONE_TYPE})
  void unsubscribingFromWhatAStarCoversSendsItAgain(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER, "*", "a", "missing");
    assertThat(proxy.accept(CLUSTER).removed()).containsExactly("missing");
    proxy.giveUp(CLUSTER, "a");
    assertThat(proxy.accept(CLUSTER).resources()).containsExactly(cluster("a", "1"));
    proxy.giveUp(CLUSTER, "missing");
    Received answer = proxy.accept(CLUSTER);
    assertThat(answer.removed()).containsExactly("missing");
    assertThat(answer.resources()).isEmpty();
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "Unsubscribing from what was never subscribed to is not answered.",
      on = {DELTA_AGGREGATED, DELTA_ONE_TYPE})
  void unsubscribingFromWhatWasNeverSubscribedToIsNotAnswered(Wire wire) throws Exception {
    publish(cluster("a", "1"), route("r", "1"), route("s", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "r");
    proxy.accept(ROUTE);
    proxy.ask(CLUSTER, "*");
    proxy.accept(CLUSTER);
    proxy.giveUp(ROUTE, "s", "missing");
    proxy.giveUp(CLUSTER, "a", "missing");
    assertQuiet(proxy);
  }
}
