package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.status.Refusal;
import dev.sluice.server.status.SyncState;
import dev.sluice.server.status.TypeStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Quarantined;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusCommandTest {
  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();
  private final FakeViews views = admin.views;
  private Snapshot snapshot = Snapshot.EMPTY;

  @Test
  void aServerThatIsNoUrlIsWrongUsage() {
    for (String wrong :
        List.of("foo", "localhost:18001", "http://", "ftp://x", "file:///etc", "http://a b")) {
      Sluice.Answer answer = Sluice.run("status", "--server", wrong);

      assertThat(answer.exitCode()).as(wrong).isEqualTo(2);
      assertThat(answer.err()).contains("\"" + wrong + "\" is no http URL; write such as http://");
    }
  }

  @Test
  void anAnswerThatIsNotOfTheAdminApiIsToldAsThat() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] text = "invalid path. admin commands are:\n".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(404, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    other.start();
    try {
      String there = "http://127.0.0.1:" + other.getAddress().getPort();

      Sluice.Answer answer = Sluice.run("status", "--server", there);

      assertThat(answer.exitCode()).isEqualTo(3);
      assertThat(answer.err())
          .contains("what answers at " + there + " is no Sluice server's admin API")
          .doesNotContain("Unrecognized token");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void aServerThatCannotBeReachedIsToldAndHasItsOwnExitCode() throws IOException {
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String nobody = "http://127.0.0.1:" + taken.getLocalPort();

      Sluice.Answer answer = Sluice.run("status", "--server", nobody);

      assertThat(answer.exitCode()).isEqualTo(3);
      assertThat(answer.out()).isEmpty();
      assertThat(answer.err())
          .contains("cannot reach the server at " + nobody)
          .contains("sluice serve")
          .contains("--server");
    }
  }

  @Test
  void withoutAProxyItSaysHowToStartOne() {
    Sluice.Answer answer = Sluice.run("status", "--server", admin.url());

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).contains("No proxy is connected").contains("sluice bootstrap");
  }

  @Test
  void proxiesInSyncAreARowForEachType() {
    views.proxies = () -> List.of(proxy(SyncState.SYNCED, Optional.empty()));

    Sluice.Answer answer = Sluice.run("status", "--server", admin.url() + "/");

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out().lines())
        .containsExactly(
            "PROXY      TYPE      STATE   ACKNOWLEDGED", "gateway-1  clusters  SYNCED  v1");
  }

  @Test
  void aProxyThatIsBehindIsAnAnswerOfNoWithTheTime() {
    views.proxies = () -> List.of(proxy(SyncState.STALE, Optional.empty()));

    Sluice.Answer answer = Sluice.run("status", "--server", admin.url());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out())
        .contains("STALE 3s")
        .contains("gateway-1 clusters: waits for its routes");
  }

  @Test
  void onATerminalAStateHasItsColourAndTheColumnsStayAligned() {
    views.proxies =
        () ->
            List.of(
                proxy(SyncState.SYNCED, Optional.empty()),
                proxy(SyncState.STALE, Optional.empty()),
                proxy(SyncState.NACKED, Optional.empty()),
                proxy(SyncState.NOT_SENT, Optional.empty()));

    Sluice.Answer coloured = Sluice.runInColour("status", "--server", admin.url());
    Sluice.Answer plain = Sluice.run("status", "--server", admin.url());

    assertThat(coloured.out().lines().limit(5))
        .containsExactly(
            "PROXY      TYPE      STATE     ACKNOWLEDGED",
            "gateway-1  clusters  \033[32mSYNCED\033[0m    v1",
            "gateway-1  clusters  \033[33mSTALE 3s\033[0m  v1",
            "gateway-1  clusters  \033[31mNACKED\033[0m    v1",
            "gateway-1  clusters  \033[33mNOT SENT\033[0m  v1");
    assertThat(plain.out()).isEqualTo(coloured.out().replaceAll("\033\\[\\d+m", ""));
    assertThat(plain.out()).doesNotContain("\033");
  }

  @Test
  void theFormsForProgramsHaveNoColours() {
    views.proxies = () -> List.of(proxy(SyncState.STALE, Optional.empty()));

    for (String form : List.of("json", "yaml")) {
      Sluice.Answer answer = Sluice.runInColour("status", "--server", admin.url(), "-o", form);
      assertThat(answer.out()).contains("STALE").doesNotContain("\033");
    }
  }

  @Test
  void aRefusalIsShownWithItsWordsAndTheDocument() {
    Refusal refusal =
        new Refusal(
            "no such filter",
            FakeViews.NOON,
            List.of("orders"),
            List.of("TrafficPolicy shop/orders (orders.yaml:3:1)"));
    views.proxies = () -> List.of(proxy(SyncState.NACKED, Optional.of(refusal)));

    Sluice.Answer answer = Sluice.run("status", "gateway-1", "--server", admin.url());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out())
        .contains("NACKED")
        .contains("gateway-1 refused clusters: no such filter")
        .contains("resource orders")
        .contains("from TrafficPolicy shop/orders (orders.yaml:3:1)");
  }

  @Test
  void aRefusalCannotWriteToTheTerminalWhatItLikes() {
    String message = "no\033[2J\u009b2J\r\nall is well\u202e";
    Refusal refusal = new Refusal(message, FakeViews.NOON, List.of(), List.of());
    views.proxies = () -> List.of(proxy(SyncState.NACKED, Optional.of(refusal)));
    views.quarantine =
        List.of(
            new Quarantined(
                FakeViews.gateway(),
                ResourceType.ROUTE,
                "public",
                Optional.empty(),
                List.of(),
                "gateway-1",
                message,
                FakeViews.NOON));

    Sluice.Answer answer = Sluice.run("status", "--server", admin.url());

    assertThat(answer.out().lines())
        .contains(
            "gateway-1 refused clusters: no [2J 2J  all is well ",
            "  refused by gateway-1: no [2J 2J  all is well ");
  }

  @Test
  void whatIsInQuarantineIsAnAnswerOfNoWithTheDocument() {
    views.quarantine =
        List.of(
            new Quarantined(
                FakeViews.gateway(),
                ResourceType.ROUTE,
                "public",
                Optional.of("orders.shop"),
                List.of("TrafficPolicy shop/orders (orders.yaml:3:1)"),
                "gateway-1",
                "no such thing",
                FakeViews.NOON));

    Sluice.Answer answer = Sluice.run("status", "--server", admin.url());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out())
        .contains(": routes public, virtual host orders.shop")
        .contains("refused by gateway-1: no such thing")
        .contains("from TrafficPolicy shop/orders (orders.yaml:3:1)");
    assertThat(Sluice.run("status", "-o", "json", "--server", admin.url()).out())
        .contains("\"virtualHost\" : \"orders.shop\"");
  }

  @Test
  void whatHasNotComeToAllIsAnAnswerOfNoWithWhoHasItAndWhyItGoesNoFurther() {
    views.proxies = () -> List.of(proxy(SyncState.SYNCED, Optional.empty()));
    views.canaries =
        List.of(
            new ConfigCanary(
                FakeViews.gateway(),
                "1",
                List.of("gateway-1"),
                0,
                12,
                Optional.of("gateway-1 did not acknowledge it within 30s"),
                true,
                List.of("RDS public"),
                List.of("TrafficPolicy shop/orders (orders.yaml:3:1)"),
                FakeViews.NOON));

    Sluice.Answer answer = Sluice.run("status", "--server", admin.url());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out().lines())
        .contains(
            "A changed configuration of gateway front-proxy.shop comes to 1 of 12 proxies first"
                + " since 2026-01-31T12:00:00Z; 0 acknowledged it",
            "  it goes no further: gateway-1 did not acknowledge it within 30s",
            "  a newer change waits for it",
            "  asked gateway-1",
            "  changes RDS public",
            "  from TrafficPolicy shop/orders (orders.yaml:3:1)");
    assertThat(Sluice.run("status", "-o", "json", "--server", admin.url()).out())
        .contains("\"stage\" : \"1\"");
  }

  @Test
  void aProxyThatIsNotConnectedIsAnAnswerOfNo() {
    Sluice.Answer answer = Sluice.run("status", "nobody", "--server", admin.url());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.err()).contains("no proxy \"nobody\" is connected");
  }

  @Test
  void theSnapshotOfAProxyIsListedWithWhereItComesFrom() {
    Resource orders =
        Resource.of(
            ResourceType.CLUSTER,
            "orders",
            Cluster.newBuilder().setName("orders").setAltStatName("o").build(),
            new Provenance(List.of("TrafficPolicy shop/orders (orders.yaml:3:1)"), List.of()));
    snapshot = Snapshot.of(List.of(orders));
    views.proxies = () -> List.of(proxy(SyncState.STALE, Optional.empty()));

    Sluice.Answer list = Sluice.run("snapshot", "gateway-1", "--server", admin.url());
    Sluice.Answer one =
        Sluice.run("snapshot", "gateway-1", "clusters", "orders", "--server", admin.url());
    Sluice.Answer none =
        Sluice.run("snapshot", "gateway-1", "clusters", "x", "--server", admin.url());

    assertThat(list.exitCode()).isZero();
    assertThat(list.out())
        .contains("orders", orders.version(), "TrafficPolicy shop/orders (orders.yaml:3:1)");
    assertThat(one.out()).contains("name: orders").contains("altStatName: o");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err()).contains("was sent none of clusters with the name \"x\"");
  }

  @Test
  void ofASecretThatAProxyWasSentTheKeyIsNotShown() {
    DataSource key = DataSource.newBuilder().setInlineString("the key itself").build();
    Secret secret =
        Secret.newBuilder()
            .setName("edge/shop")
            .setTlsCertificate(TlsCertificate.newBuilder().setPrivateKey(key))
            .build();
    snapshot =
        Snapshot.of(
            List.of(Resource.of(ResourceType.SECRET, "edge/shop", secret, Provenance.NONE)));
    TypeStatus secrets =
        new TypeStatus(
            "secrets",
            SyncState.SYNCED,
            Duration.ZERO,
            "v2",
            "v2",
            Optional.empty(),
            new TreeMap<>(Map.of("edge/shop", new ResourceVersions("v2", "v2"))),
            "");
    views.proxies =
        () ->
            List.of(
                new ProxyStatus(
                    "gateway-1",
                    FakeViews.gateway(),
                    "envoy 1.40.0",
                    FakeViews.NOON,
                    snapshot,
                    List.of(secrets)));

    Sluice.Answer list = Sluice.run("snapshot", "gateway-1", "secrets", "--server", admin.url());
    Sluice.Answer yaml =
        Sluice.run("snapshot", "gateway-1", "secrets", "-o", "yaml", "--server", admin.url());

    assertThat(list.out()).contains("secrets", "edge/shop");
    assertThat(yaml.out()).contains("edge/shop", "[redacted]").doesNotContain("the key itself");
  }

  private ProxyStatus proxy(SyncState state, Optional<Refusal> refusal) {
    TypeStatus clusters =
        new TypeStatus(
            "clusters",
            state,
            state == SyncState.SYNCED ? Duration.ZERO : Duration.ofMillis(3_400),
            "v2",
            "v1",
            refusal,
            new TreeMap<>(Map.of("orders", new ResourceVersions("v2", "v1"))),
            state == SyncState.STALE ? "its routes" : "");
    return new ProxyStatus(
        "gateway-1",
        FakeViews.gateway(),
        "envoy 1.40.0",
        FakeViews.NOON,
        snapshot,
        List.of(clusters));
  }
}
