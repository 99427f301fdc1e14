package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.admin.FakeViews;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GetServicesCommandTest {
  private static final SourceName CONSUL = new SourceName("consul", "dc1");
  private static final SourceName KUBERNETES = new SourceName("kubernetes", "dc1");
  private static final List<ServicePort> HTTP = List.of(new ServicePort("http", 80, Protocol.HTTP));

  private static final List<String> TABLE =
      List.of(
          "NAMESPACE  NAME    PORTS              INSTANCES           SOURCES",
          "edge       public  8443               0/0                 kubernetes/dc1 0",
          "shop       db      postgres:5432/tcp  DNS db.example.com  consul/dc1 0",
          "shop       stock   http:80            1/3 (1 draining)    consul/dc1 2, kubernetes/dc1 1 (1 hidden)");

  private static final List<String> WIDE =
      List.of(
          "  ADDRESS        HEALTH     WEIGHT  REGION/ZONE           SOURCE          LABELS",
          "stock.shop  http:80  1/3 (1 draining)  consul/dc1 2, kubernetes/dc1 1 (1 hidden)",
          "  10.0.0.1:8080  HEALTHY    3       eu-west-1/eu-west-1a  consul/dc1      version=v1,app=stock",
          "  10.0.0.2:8080  DRAINING   3       eu-west-1/eu-west-1a  consul/dc1      version=v1,app=stock",
          "  10.0.0.3:8080  UNHEALTHY  1       eu-west-1/eu-west-1a  kubernetes/dc1  version=v2,app=stock",
          "  10.0.0.2:8080  HIDDEN     1       eu-west-1/eu-west-1a  kubernetes/dc1  by consul/dc1");

  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();
  private final FakeViews views = admin.views;

  @Test
  void aServiceIsALineWithWhatItsSourcesToldOfIt() {
    shop();

    Sluice.Answer answer = get();

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out().lines()).containsExactlyElementsOf(TABLE);
  }

  @Test
  void aLineForEachInstanceTellsWhereItCameFromAndWhichWereHidden() {
    shop();

    assertThat(get("stock", "-o", "wide").out().lines()).containsExactlyElementsOf(WIDE);
  }

  @Test
  void anInstanceOfSixGroupsOrSeveralPortsHasItsAddressWhole() {
    Endpoint six =
        new Endpoint(
            "2001:db8::1",
            new TreeMap<>(Map.of("admin", 9000, "http", 8080)),
            new TreeMap<>(),
            1,
            new Locality("eu", ""),
            Health.UNHEALTHY,
            CONSUL);
    views.tell(
        CONSUL,
        new Service(
            new ServiceId("six", "shop"),
            List.of(
                new ServicePort("http", 80, Protocol.HTTP2),
                new ServicePort("admin", 81, Protocol.HTTP)),
            List.of(six)));

    assertThat(get("-o", "wide").out().lines())
        .containsExactly(
            "  ADDRESS                  HEALTH     WEIGHT  REGION/ZONE  SOURCE      LABELS",
            "six.shop  http:80/http2, admin:81/http  0/1  consul/dc1 1",
            "  [2001:db8::1]:9000,8080  UNHEALTHY  1       eu           consul/dc1  -");
  }

  @Test
  void ofManyLabelsThoseThatTellInstancesApartComeFirstAndTheRestIsCounted() {
    TreeMap<String, String> labels = new TreeMap<>();
    IntStream.range(0, 9).forEach(i -> labels.put("app.example.com/l" + i, "same"));
    TreeMap<String, String> other = new TreeMap<>(labels);
    labels.put("version", "v1");
    other.put("version", "v2" + "x".repeat(99));
    views.tell(
        CONSUL,
        new Service(
            new ServiceId("stock", "shop"),
            HTTP,
            List.of(labelled("10.0.0.1", labels), labelled("10.0.0.2", other))));

    assertThat(get("-o", "wide").out())
        .contains("version=v1,app.example.com/l0=same,app.example.com/l1=same +7\n")
        .contains("version=v2" + "x".repeat(35) + "... +9\n");
  }

  @Test
  void theTextOfOthersCannotMoveTheCursor() {
    views.tell(
        CONSUL,
        new Service(
            new ServiceId("stock", "shop"),
            HTTP,
            List.of(labelled("10.0.0.1", new TreeMap<>(Map.of("a\033[2J", "b\nc"))))));

    assertThat(get("-o", "wide").out()).contains("a [2J=b c").doesNotContain("\033");
  }

  @Test
  void onATerminalTheHealthIsInColour() {
    shop();

    Sluice.Answer answer =
        Sluice.runInColour("get", "services", "-o", "wide", "--server", admin.url());

    assertThat(answer.out())
        .contains("\033[32mHEALTHY\033[0m")
        .contains("\033[31mUNHEALTHY\033[0m")
        .contains("\033[33mDRAINING\033[0m")
        .contains("\033[33mHIDDEN\033[0m");
  }

  @Test
  void aNamespaceOrANameNarrowsIt() {
    shop();

    assertThat(get("-n", "edge").out().lines()).hasSize(2).last().asString().startsWith("edge ");
    assertThat(get("stock.shop").out().lines()).hasSize(2).last().asString().contains("stock");
    assertThat(get("stock", "--namespace", "shop").out()).isEqualTo(get("stock").out());
  }

  @Test
  void anUnknownServiceIsAnErrorWithTheNearestName() {
    shop();

    Sluice.Answer answer = get("stok");

    assertThat(answer.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .isEqualTo("sluice: no service \"stok\" is known; did you mean stock.shop?\n");
  }

  @Test
  void twoNamespacesForOneServiceAreWrongUsage() {
    Sluice.Answer answer = get("stock.shop", "-n", "edge");

    assertThat(answer.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).contains("is not of the namespace \"edge\"; name one namespace");
  }

  @Test
  void whereThereIsNothingThatIsSaid() {
    assertThat(get().out())
        .isEqualTo(
            "The server knows no service; 'sluice get sources' tells how its sources are doing.\n");
    assertThat(get("-n", "no&where").out())
        .isEqualTo("The server knows no service of the namespace \"no&where\".\n");
    assertThat(get().exitCode()).isZero();
    assertThat(get("-o", "json").out()).isEqualTo("{\n  \"services\" : [ ]\n}\n");
  }

  @Test
  void ofManyServicesEachIsShownOnce() throws IOException {
    views.tell(
        CONSUL,
        IntStream.range(0, 1_201)
            .mapToObj(i -> new Service(new ServiceId("s" + i, "shop"), HTTP, List.of()))
            .toArray(Service[]::new));

    assertThat(get().out().lines().distinct()).hasSize(1_202);
    assertThat(json().path("services"))
        .extracting(service -> service.path("name"))
        .doesNotHaveDuplicates()
        .hasSize(1_201);
    assertThat(json().has("next")).isFalse();
  }

  @Test
  void theReferenceShowsWhatTheCommandPrints() throws IOException {
    shop();
    String reference = Files.readString(Sluice.ROOT.resolve("docs/server.md"));

    assertThat(reference).contains(block(TABLE)).contains(block(WIDE));
    int from = reference.indexOf("    {\"services\":");
    String example = reference.substring(from, reference.indexOf("\n\n", from));
    assertThat(new ObjectMapper().readTree(example)).isEqualTo(json("stock.shop"));
  }

  private static String block(List<String> lines) {
    return lines.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
  }

  private void shop() {
    views.tell(
        CONSUL,
        new Service(
            new ServiceId("db", "shop"),
            List.of(new ServicePort("postgres", 5432, Protocol.TCP)),
            List.of(),
            Optional.of("db.example.com")),
        new Service(
            new ServiceId("stock", "shop"),
            HTTP,
            List.of(
                instance(CONSUL, "10.0.0.1", 3, Health.HEALTHY, "v1"),
                instance(CONSUL, "10.0.0.2", 3, Health.DRAINING, "v1"))));
    views.tell(
        KUBERNETES,
        new Service(
            new ServiceId("public", "edge"), List.of(new ServicePort("", 8443, null)), List.of()),
        new Service(
            new ServiceId("stock", "shop"),
            HTTP,
            List.of(
                instance(KUBERNETES, "10.0.0.2", 1, Health.HEALTHY, "v2"),
                instance(KUBERNETES, "10.0.0.3", 1, Health.UNHEALTHY, "v2"))));
  }

  private static Endpoint instance(
      SourceName source, String address, int weight, Health health, String version) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 8080)),
        new TreeMap<>(Map.of("app", "stock", "version", version)),
        weight,
        new Locality("eu-west-1", "eu-west-1a"),
        health,
        source);
  }

  private static Endpoint labelled(String address, SortedMap<String, String> labels) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("http", 8080)),
        labels,
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        CONSUL);
  }

  private JsonNode json(String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("-o", "json"));
    args.addAll(List.of(options));
    return new ObjectMapper().readTree(get(args.toArray(String[]::new)).out());
  }

  private Sluice.Answer get(String... options) {
    List<String> args = new ArrayList<>(List.of("get", "services", "--server", admin.url()));
    args.addAll(List.of(options));
    return Sluice.run(args.toArray(String[]::new));
  }
}
