package dev.sluice.server.source.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.consul.ConsulAnswer;
import dev.sluice.server.demand.Wants;
import dev.sluice.server.source.consul.ConsulSource.Options;
import dev.sluice.server.source.consul.ConsulSource.WantedServices;
import dev.sluice.server.source.consul.Subject.ChecksIn;
import dev.sluice.server.source.consul.Subject.Keys;
import dev.sluice.server.source.consul.Subject.Names;
import dev.sluice.server.source.consul.Subject.OfService;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Upsert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class ConsulFactsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Instant WALL = Instant.parse("2026-03-01T10:00:00Z");
  private static final ServiceId STOCK = new ServiceId("stock", "shop");
  private static final String SERVICE =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: stock, namespace: shop}
      spec:
        ports: [{name: http, port: 80}]
        endpoints: [{address: 192.0.2.1}]
      """;

  private final ConsulFacts facts =
      new ConsulFacts(
          new SourceName("consul", "dc1"),
          new Options(
              "shop",
              80,
              new WantedServices(List.of("st*", "pay"), List.of("live", "dark")),
              Addresses.USUAL,
              Optional.of("sluice/"),
              Duration.ofSeconds(60),
              2,
              true),
          DocumentParser.reader(),
          0);

  private List<OfService> take(Subject subject, String json) {
    return take(subject, json, false, 0);
  }

  private List<OfService> take(Subject subject, String json, boolean backwards, long at) {
    try {
      return facts.take(subject, answer(json, false), backwards, at, WALL);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ConsulAnswer answer(String json, boolean filtered) {
    return new ConsulAnswer(json.getBytes(StandardCharsets.UTF_8), 1, filtered);
  }

  private void names(String... names) {
    StringBuilder json = new StringBuilder("{\"consul\": []");
    for (String name : names) {
      json.append(", \"%s\": [\"live\"]".formatted(name));
    }
    take(new Names(), json + "}");
  }

  private void stock(String... addresses) {
    StringBuilder json = new StringBuilder();
    for (String address : addresses) {
      json.append(json.isEmpty() ? "" : ",").append(entry(address, address, "passing", "{}"));
    }
    take(new OfService("stock"), "[" + json + "]");
  }

  private static String entry(String id, String address, String status, String meta) {
    return """
        {"Node": {"Node": "vm", "Address": "%2$s", "Datacenter": "dc1"},
         "Service": {"ID": "%1$s", "Port": 8080, "Meta": %4$s},
         "Checks": [{"CheckID": "c", "Status": "%3$s"}]}\
        """
        .formatted(id, address, status, meta);
  }

  private void key(String key, String text) {
    take(
        new Keys("sluice/"),
        "[{\"Key\": \"%s\", \"Value\": \"%s\"}]"
            .formatted(
                key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
  }

  private Service told(List<SourceUpdate> updates) {
    return updates.stream()
        .filter(Upsert.class::isInstance)
        .map(update -> ((Upsert) update).entry())
        .filter(SourceEntry.OfService.class::isInstance)
        .map(entry -> ((SourceEntry.OfService) entry).service())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> addresses(Service service) {
    return service.endpoints().stream().map(Endpoint::address).toList();
  }

  @Test
  void aNameThatIsNoHostsIsLeftOutWithAWarning() {
    names("st*", "st ock", "st/ock", "stöck", "st_OCK-1");

    assertThat(services()).containsExactly(new OfService("st_OCK-1"));
    assertThat(facts.problems(0, WALL))
        .hasSize(4)
        .allSatisfy(
            problem ->
                assertThat(problem.message())
                    .isEqualTo(
                        "its name has more than letters, digits, - and _, so it is left out;"
                            + " rename it"));
  }

  private void want(long version, String... services) {
    SortedSet<ServiceId> ids = new TreeSet<>();
    Stream.of(services).forEach(name -> ids.add(new ServiceId(name, "shop")));
    facts.want(new Wants(version, ids, new TreeSet<>()));
  }

  private List<Subject> services() {
    return facts.subjects().stream().filter(OfService.class::isInstance).toList();
  }

  @Test
  void ofThoseOnlyWhatSomebodyWants() {
    names("stock", "pay", "store");
    want(1, "pay", "far", "nothing");
    assertThat(services()).containsExactly(new OfService("pay"));

    want(2, "stock", "pay");
    assertThat(facts.hasOtherSubjects()).isTrue();
    assertThat(services()).containsExactly(new OfService("pay"), new OfService("stock"));
    assertThat(facts.hasOtherSubjects()).isFalse();
    want(2, "stock", "pay");
    assertThat(facts.hasOtherSubjects()).isFalse();

    stock("192.0.2.7");
    assertThat(addresses(told(facts.updates(0)))).containsExactly("192.0.2.7");
    want(3, "pay");
    assertThat(facts.updates(0)).containsExactly(new Remove(new SourceEntry.ServiceKey(STOCK)));
    want(4, "pay", "stock");
    stock("192.0.2.8");
    assertThat(addresses(told(facts.updates(0)))).containsExactly("192.0.2.8");
  }

  @Test
  void whatIsDoubtedAndNotWantedAnyMoreGoes() throws IOException {
    names("stock");
    want(1, "stock");
    stock("192.0.2.7");
    facts.updates(0);
    facts.take(new Names(), answer("{\"stock\": [\"live\"]}", false), true, 0, WALL);
    stock();
    facts.updates(0);
    assertThat(facts.problems(0, WALL)).hasSize(1);

    want(2);
    assertThat(facts.updates(0)).containsExactly(new Remove(new SourceEntry.ServiceKey(STOCK)));
    assertThat(facts.problems(0, WALL)).isEmpty();
  }

  @Test
  void onlyWantedServicesAreAskedAbout() {
    take(
        new Names(),
        """
        {"consul": [], "stock": ["live"], "store": ["old"], "pay": ["dark"], "payments": ["live"],
         "st.ore": ["live"]}
        """);
    assertThat(facts.subjects())
        .filteredOn(OfService.class::isInstance)
        .containsExactly(new OfService("pay"), new OfService("stock"));
    assertThat(facts.problems(0, WALL))
        .singleElement()
        .asString()
        .contains("consul/dc1/services/st.ore")
        .contains("its name has a dot, so it is left out; rename it");
  }

  @Test
  void aServiceIsToldOnceItsInstancesAreKnown() {
    names("stock");
    assertThat(facts.updates(0)).isEmpty();
    stock("10.0.0.1", "10.0.0.2");
    Service service = told(facts.updates(0));
    assertThat(service.id()).isEqualTo(STOCK);
    assertThat(service.ports().getFirst().number()).isEqualTo(80);
    assertThat(addresses(service)).containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(facts.updates(0)).as("nothing twice").isEmpty();
  }

  @Test
  void whatInstancesSayOfThePortCounts() {
    names("stock");
    String meta = "{\"sluice-port\": \"%s\", \"sluice-protocol\": \"grpc\"}";
    take(
        new OfService("stock"),
        "[%s, %s]"
            .formatted(
                entry("a", "10.0.0.1", "passing", meta.formatted(9000)),
                entry("b", "10.0.0.2", "passing", meta.formatted(8000))));
    Service service = told(facts.updates(0));
    assertThat(service.ports().getFirst().number()).isEqualTo(8000);
    assertThat(service.ports().getFirst().protocol()).isEqualTo(Protocol.GRPC);
  }

  @Test
  void ofTwoRegistrationsOfOneAddressTheHealthyOneCounts() {
    names("stock");
    take(
        new OfService("stock"),
        "[%s, %s, %s]"
            .formatted(
                entry("old", "10.0.0.1", "critical", "{}"),
                entry("new", "10.0.0.1", "passing", "{}"),
                entry("older", "10.0.0.1", "critical", "{}")));
    Service service = told(facts.updates(0));
    assertThat(service.endpoints()).hasSize(1);
    assertThat(service.endpoints().getFirst().health()).isEqualTo(Health.HEALTHY);
  }

  @Test
  void oneThatIsDeregisteredIsGone() {
    names("stock");
    stock("10.0.0.1");
    facts.updates(0);
    names();
    assertThat(facts.updates(0)).containsExactly(new Remove(new SourceEntry.ServiceKey(STOCK)));
  }

  @Test
  void whatAConsulThatBeganAnewLacksStaysForAWhile() {
    names("stock");
    stock("10.0.0.1", "10.0.0.2");
    facts.updates(0);
    take(new Names(), "{}", true, SECOND);
    assertThat(facts.updates(SECOND)).isEmpty();
    assertThat(facts.problems(SECOND, WALL))
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .startsWith("Consul's index went backwards and it knows 2 fewer instances");
    names("stock");
    stock("10.0.0.1");
    assertThat(facts.updates(2 * SECOND)).as("agents tell it by and by").isEmpty();
    assertThat(facts.next(2 * SECOND)).hasValue(61 * SECOND);
    assertThat(addresses(told(facts.updates(61 * SECOND)))).containsExactly("10.0.0.1");
  }

  @Test
  void whatAConsulThatBeganAnewLacksStaysWhicheverAnswerComesFirst() {
    names("stock");
    stock("10.0.0.1", "10.0.0.2");
    facts.updates(0);
    take(new OfService("stock"), "[]", true, SECOND);
    assertThat(facts.updates(SECOND)).isEmpty();
    take(new Names(), "{}", true, 2 * SECOND);
    assertThat(facts.updates(2 * SECOND)).isEmpty();
    assertThat(facts.updates(60 * SECOND)).isEmpty();
    assertThat(facts.updates(61 * SECOND))
        .containsExactly(new Remove(new SourceEntry.ServiceKey(STOCK)));
  }

  @Test
  void aRegisteredServiceComesBeforeAStaticServiceOfItsName() {
    key("sluice/stock", SERVICE);
    assertThat(addresses(told(facts.updates(0)))).containsExactly("192.0.2.1");
    names("stock");
    stock("10.0.0.1");
    assertThat(addresses(told(facts.updates(0)))).containsExactly("10.0.0.1");
    assertThat(facts.problems(0, WALL)).singleElement().asString().contains("rename");
    key("sluice/stock", SERVICE.replace("192.0.2.1", "192.0.2.2"));
    assertThat(facts.updates(0))
        .noneMatch(it -> it instanceof Upsert(SourceEntry.OfService _))
        .isNotEmpty();
    names();
    assertThat(addresses(told(facts.updates(0)))).containsExactly("192.0.2.2");
    assertThat(facts.problems(0, WALL)).isEmpty();
  }

  @Test
  void aServiceThatMayOnlyBeHiddenFromTheTokenIsAskedAboutBeforeItGoes() throws IOException {
    names("stock");
    stock("10.0.0.1");
    facts.updates(0);
    facts.subjects();
    facts.take(new Names(), answer("{}", true), false, 0, WALL);
    assertThat(facts.updates(0)).isEmpty();
    assertThat(facts.subjects()).contains(new OfService("stock"));
    facts.take(new OfService("stock"), answer("[]", false), false, 0, WALL);
    assertThat(facts.updates(0)).containsExactly(new Remove(new SourceEntry.ServiceKey(STOCK)));
    assertThat(facts.hasOtherSubjects()).isTrue();
    assertThat(facts.subjects()).doesNotContain(new OfService("stock"));
  }

  @Test
  void documentsThatAConsulLacksWhichBeganAnewStayForAWhile() {
    key("sluice/stock", SERVICE);
    facts.updates(0);
    take(new Keys("sluice/"), "", true, SECOND);
    assertThat(facts.updates(SECOND)).isEmpty();
    assertThat(facts.next(SECOND)).hasValue(61 * SECOND);
    assertThat(facts.updates(61 * SECOND)).hasSize(2).allMatch(Remove.class::isInstance);
  }

  @Test
  void aKeyThatIsWrongKeepsItsLastGoodDocuments() {
    key("sluice/stock", SERVICE);
    facts.updates(0);
    key("sluice/stock", SERVICE.replace("192.0.2.1", "nowhere"));
    assertThat(facts.updates(0)).isEmpty();
    assertThat(facts.problems(0, WALL))
        .singleElement()
        .asString()
        .contains("consul/dc1/sluice/stock:6");
    take(new Keys("sluice/"), "");
    assertThat(facts.updates(0)).hasSize(2).allMatch(Remove.class::isInstance);
    assertThat(facts.problems(0, WALL)).isEmpty();
  }

  @Test
  void aChangedCheckNamesTheServicesThatItIsAbout() {
    names("stock", "store", "pay");
    stock("10.0.0.1");
    assertThat(facts.subjects()).contains(new ChecksIn("critical"), new ChecksIn("warning"));
    ChecksIn critical = new ChecksIn("critical");
    assertThat(take(critical, "[]")).isEmpty();
    String ofService = "[{\"Node\": \"x\", \"CheckID\": \"c\", \"ServiceName\": \"pay\"}]";
    assertThat(take(critical, ofService)).containsExactly(new OfService("pay"));
    assertThat(take(critical, ofService)).isEmpty();
    assertThat(take(critical, "[{\"Node\": \"vm\", \"CheckID\": \"serfHealth\"}]"))
        .as("the one that ended, and those of the machine")
        .containsExactly(new OfService("pay"), new OfService("stock"));
  }

  @Test
  void anAnswerThatCannotBeReadChangesNothing() {
    names("stock");
    stock("10.0.0.1");
    facts.updates(0);
    for (String broken : List.of("[{\"Node\": {", "{}", "<html>", "[{\"Service\": {\"ID\": 1}}]")) {
      Assertions.assertThatThrownBy(
              () -> facts.take(new OfService("stock"), answer(broken, false), false, 0, WALL))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("its answer cannot be read: ");
    }
    assertThat(facts.updates(0)).isEmpty();
  }
}
