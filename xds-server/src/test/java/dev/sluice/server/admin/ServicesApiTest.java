package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.source.Facts;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/services}: which services it tells, how many at once, and what of each. */
class ServicesApiTest {
  private static final SourceName CONSUL = new SourceName("consul", "dc1");
  private static final SourceName KUBERNETES = new SourceName("kubernetes", "dc1");

  private final FakeViews views = new FakeViews();
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            new HostPort("127.0.0.1", 0),
            "1.2.3",
            views.views(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            views.overrides());
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void aServiceOfTwoSourcesIsToldWithWhoToldWhatOfIt() throws Exception {
    views.tell(CONSUL, Facts.service(CONSUL, "stock", "10.0.0.1", "10.0.0.2"));
    views.tell(
        KUBERNETES,
        new Service(
            Facts.id("stock"),
            List.of(new ServicePort("http", 80, null)),
            List.of(
                Facts.endpoint(KUBERNETES, "10.0.0.2"),
                Facts.endpoint(KUBERNETES, "10.0.0.3", Health.DRAINING))));

    JsonNode stock = json("?name=stock.shop").path("services").path(0);

    assertThat(stock.path("instances").toString())
        .isEqualTo("{\"all\":3,\"healthy\":2,\"draining\":1,\"unhealthy\":0}");
    assertThat(stock.path("sources").toString())
        .isEqualTo(
            "[{\"source\":\"consul/dc1\",\"instances\":2,\"hidden\":0},"
                + "{\"source\":\"kubernetes/dc1\",\"instances\":1,\"hidden\":1}]");
    assertThat(stock.path("endpoints").path(2).toString())
        .isEqualTo(
            "{\"address\":\"10.0.0.3\",\"ports\":{\"http\":8080},\"labels\":{},\"weight\":1,"
                + "\"health\":\"DRAINING\",\"region\":\"\",\"zone\":\"\",\"source\":\"kubernetes/dc1\"}");
    assertThat(stock.path("hidden").toString())
        .isEqualTo(
            "[{\"address\":\"10.0.0.2\",\"ports\":{\"http\":8080},\"labels\":{},\"weight\":1,"
                + "\"health\":\"HEALTHY\",\"region\":\"\",\"zone\":\"\",\"source\":\"kubernetes/dc1\","
                + "\"hiddenBy\":\"consul/dc1\"}]");
  }

  @Test
  void countsAloneLeaveOutTheInstances() throws Exception {
    views.tell(CONSUL, Facts.service(CONSUL, "stock", "10.0.0.1"));

    JsonNode stock = json("?endpoints=false").path("services").path(0);

    assertThat(stock.path("instances").path("all").asInt()).isEqualTo(1);
    assertThat(stock.has("endpoints")).isFalse();
    assertThat(stock.has("hidden")).isFalse();
  }

  @Test
  void theNameThatStandsForTheInstancesIsTold() throws Exception {
    views.tell(
        CONSUL,
        new Service(
            Facts.id("db"),
            List.of(new ServicePort("tcp", 5432, null)),
            List.of(),
            Optional.of("db.example.com")));

    assertThat(json("").path("services").path(0).path("host").asText()).isEqualTo("db.example.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                          | cart.edge stock.edge cart.shop stock.shop",
        "?namespace=shop             | cart.shop stock.shop",
        "?name=stock                 | stock.edge stock.shop",
        "?name=stock.shop            | stock.shop",
        "?name=stock&namespace=edge  | stock.edge",
        "?name=stock.edge&namespace=edge | stock.edge",
        "?namespace=none             | ''",
        "?after=cart.edge            | stock.edge cart.shop stock.shop",
        "?after=gone.edge            | stock.edge cart.shop stock.shop",
        "?after=stock.shop&name=stock | ''",
        "?after=cart.edge&name=cart  | cart.shop",
        "?after=z.edge&namespace=shop | cart.shop stock.shop",
      })
  void servicesAreFilteredAndSorted(String query, String services) throws Exception {
    views.tell(
        CONSUL,
        service("stock", "shop", 1),
        service("cart", "shop", 0),
        service("cart", "edge", 0),
        service("stock", "edge", 1));

    assertThat(String.join(" ", names(json(query)))).isEqualTo(services);
  }

  @Test
  void pageAfterPageEveryServiceComesOnce() throws Exception {
    views.tell(
        CONSUL,
        IntStream.range(0, 1_234)
            .mapToObj(i -> service("s" + i, "n" + i % 7, 1))
            .toArray(Service[]::new));

    List<String> all = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String query = "";
    for (JsonNode page = json(query); ; page = json(query)) {
      all.addAll(names(page));
      sizes.add(page.path("services").size());
      if (!page.has("next")) {
        break;
      }
      query = "?after=" + page.path("next").asText();
    }

    assertThat(sizes).containsExactly(500, 500, 234);
    assertThat(all)
        .containsExactlyElementsOf(
            views.image.catalog().services().keySet().stream().map(ServiceId::toString).toList());
    assertThat(json("?limit=1000").path("services").size()).isEqualTo(1_000);
    assertThat(json("?limit=3&namespace=n6").path("next").asText()).isEqualTo("s1014.n6");
  }

  @Test
  void aPageEndsBeforeItHasTooManyInstances() throws Exception {
    views.tell(
        CONSUL,
        service("a", "shop", 3_000),
        service("b", "shop", 2_000),
        service("c", "shop", 1),
        service("d", "shop", 6_000));

    assertThat(names(json(""))).containsExactly("a.shop", "b.shop");
    assertThat(names(json("?after=b.shop"))).containsExactly("c.shop");
    assertThat(names(json("?after=c.shop"))).containsExactly("d.shop");
    assertThat(json("?after=c.shop").has("next")).isFalse();
    assertThat(names(json("?endpoints=false"))).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stok      | no service \"stok\" is known; did you mean stock.edge or stock.shop?",
        "stok.shop | no service \"stok.shop\" is known; did you mean stock.shop or stock.edge?",
        "stock.shp | no service \"stock.shp\" is known; did you mean stock.shop or stock.edge?",
        "payments  | no service \"payments\" is known; see /v1/services (sluice get services)",
      })
  void whoAsksForAnUnknownServiceIsToldTheNearest(String name, String message) throws Exception {
    views.tell(CONSUL, service("stock", "shop", 0), service("stock", "edge", 0));

    HttpResponse<String> answer = get("?name=" + name);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(message(answer)).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?namspace=shop | there is no parameter \"namspace\"; there are after, endpoints, limit, name, namespace",
        "?namespace=    | the parameter \"namespace\" is empty; leave it out",
        "?limit=0       | limit \"0\" is not within 1..1000",
        "?limit=all     | limit \"all\" is not within 1..1000",
        "?endpoints=no  | endpoints \"no\" is neither true nor false",
        "?after=stock   | after \"stock\" is no name.namespace; write what \"next\" said",
        "?name=stock.shop&namespace=edge | the service \"stock.shop\" is not of the namespace \"edge\"; name one namespace",
      })
  void aQueryThatMakesNoSenseIsRefused(String query, String message) throws Exception {
    HttpResponse<String> answer = get(query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(message(answer)).isEqualTo(message);
  }

  private static Service service(String name, String namespace, int instances) {
    return new Service(
        new ServiceId(name, namespace),
        List.of(new ServicePort("http", 80, null)),
        IntStream.range(0, instances)
            .mapToObj(i -> Facts.endpoint(CONSUL, "10.1.%d.%d".formatted(i / 250, i % 250)))
            .toList());
  }

  private static List<String> names(JsonNode answer) {
    List<String> names = new ArrayList<>();
    answer
        .path("services")
        .forEach(
            service ->
                names.add(
                    service.path("name").asText() + "." + service.path("namespace").asText()));
    return names;
  }

  private JsonNode json(String query) throws Exception {
    HttpResponse<String> answer = get(query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static String message(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body()).path("message").asText();
  }

  private HttpResponse<String> get(String query) throws IOException, InterruptedException {
    String address = "http://127.0.0.1:" + server.address().getPort() + "/v1/services" + query;
    return client.send(
        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
