package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.Refusal;
import dev.sluice.server.status.SyncState;
import dev.sluice.server.status.TypeStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Departed;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.source.SourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CheckCommandTest {
  private static final SourceName DC1 = new SourceName("kubernetes", "dc1");
  private static final String DOCUMENT = "TrafficPolicy shop/orders (orders.yaml:3:1)";

  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();
  private final FakeViews views = admin.views;

  @BeforeEach
  void allIsWell() {
    views.proxies = () -> List.of(proxy(SyncState.SYNCED, Duration.ZERO, ""));
    views.tell(DC1, service("stock", instance("10.0.0.1", Health.HEALTHY)));
  }

  private static ProxyStatus proxy(SyncState state, Duration behind, String waitsFor) {
    Optional<Refusal> refusal =
        state == SyncState.NACKED
            ? Optional.of(
                new Refusal("no such filter", FakeViews.NOON, List.of(), List.of(DOCUMENT)))
            : Optional.empty();
    return new ProxyStatus(
        "gateway-1",
        FakeViews.gateway(),
        "envoy 1.40.0",
        FakeViews.NOON,
        Snapshot.EMPTY,
        List.of(
            new TypeStatus(
                "clusters", state, behind, "v2", "v1", refusal, new TreeMap<>(), waitsFor)));
  }

  private static Service service(String name, Endpoint... endpoints) {
    return new Service(
        new ServiceId(name, "shop"), List.of(new ServicePort("", 80, null)), List.of(endpoints));
  }

  private static Endpoint instance(String address, Health health) {
    return new Endpoint(
        address,
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        1,
        Locality.UNKNOWN,
        health,
        DC1);
  }

  private Sluice.Answer check(String... more) {
    return more.length == 0
        ? Sluice.run("check", "--server", admin.url())
        : Sluice.run("check", "-o", more[0], "--server", admin.url());
  }

  @Test
  void whereAllIsWellItSaysSo() {
    assertThat(check().out()).isEqualTo("Nothing is amiss.\n");
    assertThat(check().exitCode()).isZero();
    assertThat(check("json").out())
        .contains("\"errors\" : 0", "\"warnings\" : 0", "\"findings\" : [ ]");
  }

  @Test
  void aSourceThatIsNotCurrentIsNamedWithTheTimeAndTheReason() {
    views.sources =
        List.of(
            new SourceStatus(
                DC1,
                SourceStatus.State.STALE,
                Instant.now().minusSeconds(3_700),
                "it cannot be reached",
                List.of()),
            new SourceStatus(
                FakeViews.FILES, SourceStatus.State.STARTING, Instant.now(), null, List.of()));

    assertThat(check().exitCode()).isEqualTo(1);
    assertThat(check().out().lines().map(line -> line.replaceAll("for \\d+s", "for 0s")))
        .containsExactly(
            "ERROR    source kubernetes/dc1 is STALE for 1h1m: it cannot be reached",
            "         what it told last stays live; changes there are not seen until it is back",
            "ERROR    source file/files is STARTING for 0s",
            "         no proxy is told anything before every source has told all it knows",
            "",
            "2 errors, 0 warnings");
  }

  @Test
  void aProxyThatRefusesOrIsLongBehindIsNamedWithTheCause() {
    views.proxies = () -> List.of(proxy(SyncState.NACKED, Duration.ZERO, ""));
    assertThat(check().out())
        .contains(
            "ERROR    proxy gateway-1 refuses clusters: no such filter\n"
                + "         it keeps what it had; mend "
                + DOCUMENT
                + "\n");

    views.proxies = () -> List.of(proxy(SyncState.STALE, Duration.ofSeconds(75), "its routes"));
    assertThat(check().out())
        .contains(
            "proxy gateway-1 has not acknowledged clusters for 1m15s\n         it waits for its"
                + " routes\n");
    views.proxies =
        () ->
            List.of(proxy(SyncState.STALE, Duration.ofSeconds(16), "the answer to what was sent"));
    assertThat(check().out())
        .contains(
            "it waits for the answer to what was sent; is it stopped or overloaded? See its process",
            "'sluice snapshot gateway-1' shows what it lacks");
    views.proxies = () -> List.of(proxy(SyncState.STALE, Duration.ofSeconds(9), ""));
    assertThat(check().out()).as("it is being told").isEqualTo("Nothing is amiss.\n");
  }

  @Test
  void thatNoProxyIsThereIsAWarning() {
    views.proxies = List::of;

    assertThat(check().exitCode()).isZero();
    assertThat(check().out())
        .startsWith("WARNING  proxies none is connected\n")
        .endsWith("0 errors, 1 warning\n");
  }

  @Test
  void whatProxiesRefusedAndWhatGoesNoFurtherIsNamed() {
    views.quarantine =
        List.of(
            new Quarantined(
                FakeViews.gateway(),
                ResourceType.ROUTE,
                "public",
                Optional.empty(),
                List.of(DOCUMENT),
                "gateway-2",
                "no such thing\033[2J",
                FakeViews.NOON));
    views.canaries =
        List.of(
            canary(Optional.of("gateway-1 did not acknowledge it within 30s")),
            canary(Optional.empty()));

    assertThat(check().out().lines())
        .containsExactly(
            "ERROR    routes public is in quarantine since 2026-01-31T12:00:00Z: gateway-2 refused"
                + " it: no such thing [2J",
            "         who has not got it keeps the version before; mend " + DOCUMENT,
            "ERROR    configuration of gateway front-proxy.shop has come to 0 of 12 proxies and"
                + " goes no further: gateway-1 did not acknowledge it within 30s",
            "         mend " + DOCUMENT + ", or the proxy that does not answer",
            "",
            "2 errors, 0 warnings");
  }

  private static ConfigCanary canary(Optional<String> halted) {
    return new ConfigCanary(
        FakeViews.gateway(),
        "1",
        List.of("gateway-1"),
        0,
        12,
        halted,
        false,
        List.of("RDS public"),
        List.of(DOCUMENT),
        FakeViews.NOON);
  }

  @Test
  void errorsInDocumentsComeBeforeWarnings() {
    views.problems =
        List.of(
            Problem.warning(new Location("a.yaml", 3, 5), "$.spec.retry", "is odd"),
            Problem.error(new Location("b.yaml", 1, 2), "$.spec.split", "is wrong"));

    assertThat(check().out().lines())
        .containsExactly(
            "ERROR    b.yaml:1:2 $.spec.split: is wrong",
            "         the last good version stays in force, if any",
            "WARNING  a.yaml:3:5 $.spec.retry: is odd",
            "",
            "1 error, 1 warning");
  }

  @Test
  void servicesThatNobodyCanAnswerForAreNamed() {
    views.tell(
        DC1,
        service("stock", instance("10.0.0.1", Health.HEALTHY)),
        service("empty"),
        service(
            "down", instance("10.0.0.1", Health.UNHEALTHY), instance("10.0.0.2", Health.DRAINING)),
        new Service(
            new ServiceId("db", "shop"),
            List.of(new ServicePort("", 80, null)),
            List.of(),
            Optional.of("db.example.com")));

    assertThat(check().out().lines())
        .containsExactly(
            "ERROR    service down.shop has no healthy instance (1 unhealthy, 1 draining)",
            "         'sluice get services down.shop -o wide' shows them",
            "WARNING  service empty.shop has no instance",
            "         who calls it gets 503 until there is one",
            "",
            "1 error, 1 warning");
    assertThat(check("json").out())
        .contains(
            "\"errors\" : 1",
            "\"severity\" : \"ERROR\"",
            "\"subject\" : \"service down.shop\"",
            "\"todo\" : \"'sluice get services down.shop -o wide' shows them\"");
  }

  @Test
  void aVersionThatNothingIsOfIsNamedWithItsPolicy() {
    views.tell(
        DC1,
        new Service(
            new ServiceId("stock", "shop"),
            List.of(new ServicePort("", 80, null)),
            List.of(
                new Endpoint(
                    "10.0.0.1",
                    new TreeMap<>(Map.of("", 8080)),
                    new TreeMap<>(Map.of("version", "v1")),
                    1,
                    Locality.UNKNOWN,
                    Health.HEALTHY,
                    DC1))));
    views.tell(
        FakeViews.FILES,
        "stock.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: stock, namespace: shop}
        spec:
          target: {service: stock}
          versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v-2}}]
        """);

    assertThat(check().out().lines())
        .containsExactly(
            "WARNING  version v2 of TrafficPolicy shop/stock (stock.yaml:1) has no instance of stock.shop:80",
            "         compare its labels with 'sluice get services -o wide'; split.onEmpty says who gets its share",
            "",
            "0 errors, 1 warning");
  }

  @Test
  void aVersionWithAShareAllOfWhoseInstancesAreDrainedIsNamed() {
    views.tell(
        DC1,
        new Service(
            new ServiceId("stock", "shop"),
            List.of(new ServicePort("", 80, null)),
            List.of(version("10.0.0.1", "v1"), version("10.0.0.2", "v2"))));
    views.tell(
        FakeViews.FILES,
        "stock.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: stock, namespace: shop}
        spec:
          target: {service: stock}
          versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
          split: {weights: {v1: 80, v2: 20}}
        ---
        apiVersion: sluice.dev/v1
        kind: InstanceOverride
        metadata: {name: stock-2, namespace: shop}
        spec: {service: stock, match: {labels: {version: v2}}, state: drain}
        """);

    assertThat(check().out())
        .startsWith(
            "WARNING  version v2 of TrafficPolicy shop/stock (stock.yaml:1) has a share of 20, and"
                + " every instance of it is drained\n")
        .endsWith("0 errors, 1 warning\n");
  }

  private static Endpoint version(String address, String version) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("", 8080)),
        new TreeMap<>(Map.of("version", version)),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        DC1);
  }

  @Test
  void proxiesThatLeftAreNamedOrIfManyCounted() {
    views.departed = departed(2);
    assertThat(check().out())
        .contains("WARNING  proxy gateway-0 left ", " ago: it ended its stream", "proxy gateway-1");

    views.departed = departed(6);
    assertThat(check().out())
        .contains("WARNING  proxies 6 left within the last hour and are not back")
        .doesNotContain("gateway-0");
  }

  private static List<Departed> departed(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Departed(
                    "gateway-" + i,
                    FakeViews.gateway(),
                    "envoy",
                    FakeViews.NOON,
                    FakeViews.NOON,
                    "it ended its stream"))
        .toList();
  }
}
