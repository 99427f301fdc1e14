package dev.sluice.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.problem.Problem;
import dev.sluice.server.settings.ServerSettings.Writing;
import dev.sluice.server.transport.ConnectionAge;
import dev.sluice.server.transport.IdentityRule;
import dev.sluice.server.transport.IdentityUri;
import dev.sluice.server.transport.Keepalive;
import dev.sluice.server.transport.StreamLimits;
import dev.sluice.server.transport.TestAuthority;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportSettings;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Scalar;
import dev.sluice.spec.Timeouts;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
  private static final Resilience DEFAULTS =
      new Resilience(
          null, null, null, null, new Timeouts(Duration.ofSeconds(3), null, null), null, null);

  private static final TlsFiles TLS = new TlsFiles(Path.of("a.crt"), Path.of("a.key"), null);
  private static final TransportSettings TRANSPORT =
      TransportSettings.OPEN.withLimits(new StreamLimits(1024, 1, 2, 3, 4));

  private static final Rollout ROLLOUT = new Rollout(ProxyShare.parse("1"), null, null);
  private static final Deadlines DEADLINES = new Deadlines(Duration.ofSeconds(3), null);

  private static final URI TRACES = URI.create("http://collector:4318");
  private static final AdminAccess ACCESS = new AdminAccess(TLS, List.of());

  @TempDir private Path folder;

  private static final WebhookSettings WEBHOOK =
      new WebhookSettings(HostPort.parse("0.0.0.0:4"), TLS);

  @BeforeEach
  void aDirectoryOfDocuments() throws IOException {
    Files.createDirectory(folder.resolve("policies"));
  }

  @Test
  void everyKeyIsRead() {
    SettingsFile.Reading reading =
        read(
            """
            xds: {address: "0.0.0.0:18000"}
            admin: {address: "[::1]:${ADMIN_PORT}", writes: false}
            telemetry: {address: "0.0.0.0:18002", traces: {endpoint: "http://collector:4318"}}
            sources: {files: [policies], secrets: [policies, .]}
            mesh:
              defaults:
                retry: {attempts: 2}
            load: {interval: 30s}
            state: kept
            log: {level: debug, json: true}
            """);

    assertThat(reading.problems()).isEmpty();
    GivenSettings given = reading.given();
    assertThat(given.xds()).isEqualTo(new HostPort("0.0.0.0", 18000));
    assertThat(given.admin()).isEqualTo(new HostPort("::1", 9000));
    assertThat(given.writing()).isEqualTo(Writing.OFF);
    assertThat(given.complete().writing()).isEqualTo(Writing.OFF);
    assertThat(GivenSettings.NONE.complete().writing()).isEqualTo(Writing.ON);
    assertThat(given.telemetry()).isEqualTo(new HostPort("0.0.0.0", 18002));
    assertThat(given.complete().telemetry()).isEqualTo(given.telemetry());
    assertThat(given.complete().traces()).isEqualTo(TRACES);
    assertThat(messages("telemetry: {traces: {endpoint: \"collector:4318\"}}\n"))
        .containsExactly(
            "1:32 $.telemetry.traces.endpoint: is no http URL of an OpenTelemetry collector; write"
                + " such as http://127.0.0.1:4318");
    assertThat(given.sources().files()).containsExactly(folder.resolve("policies"));
    assertThat(given.sources().secrets())
        .containsExactly(folder.resolve("policies"), folder.resolve("."));
    assertThat(given.complete().sources().secrets()).isEqualTo(given.sources().secrets());
    assertThat(given.defaults().retry()).extracting(Retry::attempts).isEqualTo(2);
    assertThat(given.loadReportInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(given.complete().loadReportInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(given.state()).isEqualTo(folder.resolve("kept"));
    assertThat(given.complete().state()).isEqualTo(folder.resolve("kept"));
    assertThat(given.logLevel()).isEqualTo(LogLevel.DEBUG);
    assertThat(given.logJson()).isTrue();
  }

  @Test
  void theTransportIsRead() {
    TestAuthority authority = TestAuthority.create(folder, "root");
    authority.issue("server", "dns:sluice.example");

    SettingsFile.Reading reading =
        read(
            """
            xds:
              tls: {cert: server.crt, key: server.key, clientCa: root.crt}
              identity:
                - uri: spiffe://td/ns/{namespace}/sa/{service}
                - {uri: spiffe://td/edge, service: front.edge, role: gateway}
              keepalive: {time: 1s, timeout: 2s, permit: 3s}
              connectionAge: {max: 10m, grace: 0s}
              drain: 15s
              limits:
                message: 1Mi
                namesPerRequest: 10
                streamsPerConnection: 11
                streams: 12
                newStreamsPerSecond: 13
            """);

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.given().complete().transport())
        .isEqualTo(
            new TransportSettings(
                new TlsFiles(
                    folder.resolve("server.crt"),
                    folder.resolve("server.key"),
                    folder.resolve("root.crt")),
                List.of(
                    new IdentityRule(
                        new IdentityUri("spiffe://td/ns/{namespace}/sa/{service}"), null, null),
                    new IdentityRule(
                        new IdentityUri("spiffe://td/edge"), "front.edge", Role.GATEWAY)),
                new Keepalive(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)),
                new ConnectionAge(Duration.ofMinutes(10), Duration.ZERO),
                Duration.ofSeconds(15),
                new StreamLimits(1 << 20, 10, 11, 12, 13)));
  }

  @Test
  void allProblemsOfTheTransportAreToldWithTheirPlaces() throws IOException {
    Files.writeString(folder.resolve("bad.key"), "-----BEGIN EC PRIVATE KEY-----\n");

    assertThat(
            messages(
                """
                xds:
                  tls: {cert: gone.crt, key: bad.key}
                  identity: [{uri: "spiffe://td/{service}"}, {uri: spiffe://td/web}]
                  keepalive: {time: 10ms}
                  limits: {message: 10, namesPerRequest: 0}
                """))
        .containsExactly(
            "2:15 $.xds.tls.cert: " + folder.resolve("gone.crt") + " is not there",
            "2:30 $.xds.tls.key: "
                + folder.resolve("bad.key")
                + " cannot be used: it is damaged: -----END EC PRIVATE KEY----- not found",
            "3:13 $.xds.identity: clients prove no identity without tls.clientCa; name it",
            "3:46 $.xds.identity[1]: \"spiffe://td/web\" may claim every service; write {service}"
                + " in it, or beside it which service (service: web.shop, or \"*\" for all)",
            "4:21 $.xds.keepalive.time: 10ms is too short; the least is 100ms",
            "5:21 $.xds.limits.message: 10 is not within 1Ki..2Gi-1",
            "5:42 $.xds.limits.namesPerRequest: 0 is too small; the least is 1");
  }

  @Test
  void anEmptyFileSaysNothing() {
    SettingsFile.Reading reading = read("# all as it is\n");

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.given()).isEqualTo(GivenSettings.NONE);
  }

  @Test
  void allProblemsAreToldWithTheirPlaces() {
    assertThat(
            messages(
                """
                xds: {adress: "127.0.0.1:1"}
                admin: {address: "0.0.0.0:18001"}
                sources:
                  files: [policies, gone]
                mesh: {defaults: {retry: {attempts: 11}, loadBalancer: {type: RoundRobbin}}}
                log: {level: loud}
                """))
        .containsExactly(
            "1:7 $.xds.adress: unknown key \"adress\"; did you mean \"address\"?",
            "2:18 $.admin.address: the admin API tells all that the server knows, so on 0.0.0.0:18001,"
                + " where other machines connect, it needs admin.tls and admin.tokens in the"
                + " configuration; write them, or such as 127.0.0.1:18001",
            "4:21 $.sources.files[1]: "
                + folder.resolve("gone")
                + " is no directory; create it first",
            "5:37 $.mesh.defaults.retry.attempts: 11 is not within 0..10",
            "5:63 $.mesh.defaults.loadBalancer.type: \"RoundRobbin\" is not one of LeastRequest,"
                + " RoundRobin, Random, ConsistentHash; did you mean \"RoundRobin\"?",
            "6:14 $.log.level: \"loud\" is not one of error, warn, info, debug, trace");
  }

  @Test
  void aDirectoryOfSecretsThatIsNotThereIsTold() {
    assertThat(messages("sources: {files: [policies], secrets: [policies, gone]}\n"))
        .containsExactly(
            "1:50 $.sources.secrets[1]: "
                + folder.resolve("gone")
                + " is no directory; create it first");
  }

  @Test
  void theExampleIsRight() throws IOException {
    Path example = Path.of("..", "examples", "sluice.yaml");

    SettingsFile.Reading reading = SettingsFile.read(example, Files.readString(example), Map.of());

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.given().sources().files()).hasSize(1);
  }

  @Test
  void loadReportsComeAtMostOnceASecond() {
    assertThat(messages("load: {interval: 10ms}\n"))
        .containsExactly("1:18 $.load.interval: reports come at most once a second; write 1s");
  }

  @Test
  void deadlinesArePositive() {
    assertThat(read("xds: {deadlines: {progress: 90s}}\n").given().deadlines())
        .isEqualTo(new Deadlines(null, Duration.ofSeconds(90)));
    assertThat(messages("xds: {deadlines: {makeBeforeBreak: 0s}}\n"))
        .containsExactly("1:18 $.xds.deadlines: makeBeforeBreak must be longer than 0s");
  }

  @Test
  void aRolloutNamesWhomAChangeComesToFirst() {
    assertThat(read("rollout: {first: 1, then: 10%, all}\n").given().rollout())
        .isEqualTo(new Rollout(ProxyShare.parse("1"), ProxyShare.parse("10%"), null));
    assertThat(messages("rollout: {first: 1, then: 10%, all}\n")).isEmpty();
    assertThat(read("rollout: {first: 5%, within: 10s}\n").given().rollout())
        .isEqualTo(new Rollout(ProxyShare.parse("5%"), null, Duration.ofSeconds(10)));
  }

  @Test
  void aRolloutThatAsksNobodyIsRefused() {
    assertThat(messages("rollout: {first: 0}\n"))
        .containsExactly("1:18 $.rollout.first: a share of 0 proxies asks nobody; write 1");
    assertThat(messages("rollout: {first: 101%}\n"))
        .containsExactly("1:18 $.rollout.first: 101% is not within 1%..100%");
    assertThat(messages("rollout: {first: half}\n"))
        .containsExactly(
            "1:18 $.rollout.first: \"half\" is no share of proxies; write a number such as 1, or"
                + " such as 10%");
    assertThat(messages("rollout: {then: 10%}\n"))
        .containsExactly("1:10 $.rollout.first: is required; add it");
    assertThat(messages("rollout: {first: 3, then: 2}\n"))
        .containsExactly("1:27 $.rollout.then: 2 is no more than first, 3");
    assertThat(messages("rollout: {first: 3, within: 1ms}\n"))
        .containsExactly("1:29 $.rollout.within: 1ms is too short; the least is 100ms");
  }

  @Test
  void whatTheCommandLineSaysComesFirst() {
    GivenSettings file =
        new GivenSettings(
            new SourceSettings(
                List.of(folder), List.of(folder.resolve("secrets")), List.of(), List.of()),
            HostPort.parse("127.0.0.1:1"),
            TLS,
            null,
            DEADLINES,
            null,
            HostPort.parse("0.0.0.0:3"),
            null,
            DEFAULTS,
            ROLLOUT,
            Duration.ofSeconds(5),
            folder.resolve("kept"),
            LogLevel.WARN,
            true,
            Writing.OFF,
            ACCESS,
            TRACES);
    GivenSettings options =
        new GivenSettings(
            SourceSettings.NONE,
            HostPort.parse("127.0.0.1:2"),
            null,
            TRANSPORT,
            null,
            null,
            null,
            WEBHOOK,
            Resilience.NONE,
            null,
            null,
            null,
            null,
            false,
            null,
            null,
            null);

    assertThat(options.over(file))
        .isEqualTo(
            new GivenSettings(
                new SourceSettings(
                    List.of(folder), List.of(folder.resolve("secrets")), List.of(), List.of()),
                HostPort.parse("127.0.0.1:2"),
                TLS,
                TRANSPORT,
                DEADLINES,
                null,
                HostPort.parse("0.0.0.0:3"),
                WEBHOOK,
                DEFAULTS,
                ROLLOUT,
                Duration.ofSeconds(5),
                folder.resolve("kept"),
                LogLevel.WARN,
                false,
                Writing.OFF,
                ACCESS,
                TRACES));
  }

  @Test
  void theListOfKeysIsThatOfTheFile() {
    List<String> keys = new ArrayList<>();
    leaves(SluiceYaml.class, "", keys);

    assertThat(SettingsKeys.ALL).extracting(SettingsKeys.Key::path).containsExactlyElementsOf(keys);
  }

  /** The sections of a policy count as one key each: the policy's reference tells of them. */
  private static void leaves(Class<?> type, String path, List<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> section = component.getType();
      String here = path + component.getName();
      boolean nested =
          section.isRecord()
              && !section.isAnnotationPresent(Scalar.class)
              && !path.endsWith("defaults.");
      if (nested) {
        leaves(section, here + ".", keys);
      } else {
        keys.add(here);
      }
    }
  }

  private SettingsFile.Reading read(String text) {
    return SettingsFile.read(folder.resolve("sluice.yaml"), text, Map.of("ADMIN_PORT", "9000"));
  }

  private List<String> messages(String text) {
    return read(text).problems().stream()
        .map(
            problem ->
                "%d:%d %s: %s"
                    .formatted(
                        problem.location().line(),
                        problem.location().column(),
                        problem.path(),
                        problem.message()))
        .toList();
  }

  @Test
  void theWebhookHasItsAddressAndItsFiles() {
    SettingsFile.Reading reading =
        read("webhook: {address: \"0.0.0.0:18443\", tls: {cert: tls.crt, key: tls.key}}\n");

    assertThat(reading.given().complete().webhook())
        .isEqualTo(
            new WebhookSettings(
                new HostPort("0.0.0.0", 18443),
                new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"), null)));
    assertThat(reading.problems())
        .extracting(Problem::path)
        .containsExactly("$.webhook.tls.cert", "$.webhook.tls.key");
    assertThat(read("webhook: {address: \"0.0.0.0:18443\"}\n").problems())
        .extracting(Problem::path)
        .containsExactly("$.webhook.tls");
  }
}
