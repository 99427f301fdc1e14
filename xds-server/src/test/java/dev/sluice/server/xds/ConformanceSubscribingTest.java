package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.snapshot.ResourceType.SECRET;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.resource;
import static dev.sluice.server.xds.Fixtures.route;
import static dev.sluice.server.xds.Wire.DELTA_AGGREGATED;
import static dev.sluice.server.xds.Wire.DELTA_ONE_TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.ResourceType;
import java.util.List;

@Section(value = "Subscribing", place = 2)
class ConformanceSubscribingTest extends WireTest {
  @Behaviour("A first request for LDS or CDS that names nothing is a wildcard.")
  void aFirstRequestThatNamesNothingIsAWildcard(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"), listener("l", "1"), route("r", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    assertThat(proxy.accept(CLUSTER).names()).containsExactly("a", "b");
    proxy.ask(LISTENER);
    assertThat(proxy.accept(LISTENER).names()).containsExactly("l");
    proxy.ask(ROUTE); // Of route configurations, which have no such wildcard, it asks for nothing.
    assertQuiet(proxy);
  }

  @Behaviour("* is a wildcard, in every type.")
  void aStarIsAWildcard(Wire wire) throws Exception {
    for (ResourceType type : ResourceType.values()) {
      publish(resource(type, "a"), resource(type, "b"));
    }
    WireProxy proxy = proxy(wire);
    for (ResourceType type : ResourceType.values()) {
      if (wire.has(type)) {
        proxy.ask(type, "*");
        assertThat(proxy.accept(type).names()).as("%s", type).containsExactly("a", "b");
      }
    }
    assertQuiet(proxy);
  }

  @Behaviour("A wildcard also covers what comes later.")
  void aWildcardCoversWhatComesLater(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER, "*");
    proxy.accept(CLUSTER);
    publish(cluster("b", "1"));
    assertThat(proxy.accept(CLUSTER).resources()).contains(cluster("b", "1"));
  }

  @Behaviour("A request is answered at most once, and an ACK never.")
  void aRequestIsAnsweredAtMostOnce(Wire wire) throws Exception {
    publish(cluster("a", "1"), assignment("a", 1), listener("l", "1"), route("r", "1"));
    WireProxy proxy = proxy(wire);
    for (ResourceType type : List.of(CLUSTER, ENDPOINT, LISTENER, ROUTE)) {
      proxy.ask(type, "a", "l", "r");
      Received answer = proxy.receive(type);
      assertQuiet(proxy);
      proxy.ack(answer);
      proxy.ack(answer);
      assertQuiet(proxy);
    }
  }

  @Behaviour(
      value = "A name that does not exist is answered as removed, so that nobody waits for it.",
      on = {DELTA_AGGREGATED, DELTA_ONE_TYPE})
  void aMissingNameIsAnsweredAsRemoved(Wire wire) throws Exception {
    publish(cluster("a", "1"), route("a", "1"));
    WireProxy proxy = proxy(wire);
    for (ResourceType type : List.of(CLUSTER, ENDPOINT, LISTENER, ROUTE, SECRET)) {
      proxy.ask(type, "missing");
      Received answer = proxy.accept(type);
      assertThat(answer.removed()).containsExactly("missing");
      assertThat(answer.resources()).isEmpty();
    }
    assertQuiet(proxy);
  }

  @Behaviour("What is asked for before it exists is sent when it comes.")
  void whatIsAskedForBeforeItExistsIsSentWhenItComes(Wire wire) throws Exception {
    publish(route("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "a", "later");
    assertThat(proxy.accept(ROUTE).names()).containsExactly("a");
    publish(route("later", "1"), route("unwanted", "1"));
    Received news = proxy.accept(ROUTE);
    assertThat(news.resources()).containsExactly(route("later", "1"));
    assertThat(news.removed()).isEmpty();
  }

  @Behaviour(
      "An EDS name of a known cluster without endpoints is answered with an empty assignment.")
  void aKnownClusterHasAnAssignment(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ENDPOINT, "a");
    assertThat(proxy.accept(ENDPOINT).resources()).containsExactly(Content.emptyAssignment("a"));
    publish(assignment("a", 1));
    assertThat(proxy.accept(ENDPOINT).resources()).containsExactly(assignment("a", 1));
  }

  @Behaviour("An empty type under a wildcard is answered with an empty response.")
  void anEmptyTypeIsAnswered(Wire wire) throws Exception {
    publish();
    WireProxy proxy = proxy(wire);
    for (ResourceType type : List.of(CLUSTER, LISTENER, ENDPOINT, ROUTE)) {
      proxy.ask(type, "*");
      Received answer = proxy.accept(type);
      assertThat(answer.resources()).isEmpty();
      assertThat(answer.removed()).isEmpty();
    }
    assertQuiet(proxy);
  }

  @Behaviour("Naming something twice gives it once.")
  void namingSomethingTwiceGivesItOnce(Wire wire) throws Exception {
    publish(route("r", "1"), cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER, "a", "*", "a");
    assertThat(proxy.accept(CLUSTER).names()).containsExactly("a");
    proxy.ask(ROUTE, "r", "r");
    assertThat(proxy.accept(ROUTE).names()).containsExactly("r");
    assertQuiet(proxy);
  }

  @Behaviour(
      value = "A subscription to what is known already, also by *, is answered with it.",
      on = {DELTA_AGGREGATED, DELTA_ONE_TYPE})
  void aSubscriptionToWhatIsKnownIsAnswered(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER, "*", "a");
    assertThat(proxy.accept(CLUSTER).names()).containsExactly("a", "b");
    proxy.ask(CLUSTER, "a");
    assertThat(proxy.accept(CLUSTER).resources()).containsExactly(cluster("a", "1"));
    proxy.ask(CLUSTER, "b");
    assertThat(proxy.accept(CLUSTER).resources()).containsExactly(cluster("b", "1"));
    assertQuiet(proxy);
  }
}
