package dev.sluice.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.Facts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServiceMergeTest {

  private static final SourceName A = new SourceName("consul", "a");
  private static final SourceName B = new SourceName("kubernetes", "b");

  private static Endpoint endpoint(SourceName source, String address, Map<String, Integer> ports) {
    return new Endpoint(
        address,
        new TreeMap<>(ports),
        new TreeMap<>(),
        1,
        Locality.UNKNOWN,
        Health.HEALTHY,
        source);
  }

  private static Service service(List<ServicePort> ports, Endpoint... endpoints) {
    return new Service(Facts.id("orders"), ports, List.of(endpoints));
  }

  @Test
  void aServiceOfOneSourceStaysAsItIs() {
    Service only = Facts.service(A, "orders", "10.0.0.1", "10.0.0.2");
    assertThat(ServiceMerge.merge(List.of(only))).isEqualTo(only);
  }

  @Test
  void endpointsArePutTogetherAndOfTwoAtOnePlaceTheFirstSourcesCounts() {
    Service merged =
        ServiceMerge.merge(
            List.of(
                Facts.service(A, "orders", "10.0.0.1", "10.0.0.2"),
                Facts.service(B, "orders", "10.0.0.2", "10.0.0.3")));
    assertThat(merged.endpoints())
        .extracting(endpoint -> endpoint.address() + " " + endpoint.source())
        .containsExactly("10.0.0.1 consul/a", "10.0.0.2 consul/a", "10.0.0.3 kubernetes/b");
  }

  @Test
  void whatTheMergeLeavesOutIsHiddenByWhoHasItsPlace() {
    Service a = Facts.service(A, "orders", "10.0.0.1", "10.0.0.2");
    Service b = Facts.service(B, "orders", "10.0.0.2", "10.0.0.3");

    assertThat(hidden(a, b)).containsExactly(new HiddenEndpoint(Facts.endpoint(B, "10.0.0.2"), A));
    assertThat(ServiceMerge.hidden(new TreeMap<>(Map.of(A, a)))).isEmpty();
  }

  @Test
  void anAddressWithOtherPortsIsAnotherPlaceAndSoIsNoPortThatIsRenamed() {
    Service a =
        service(
            List.of(new ServicePort("web", 80, null)), endpoint(A, "10.0.0.1", Map.of("web", 80)));
    Service b =
        service(
            List.of(new ServicePort("http", 80, null)),
            endpoint(B, "10.0.0.1", Map.of("http", 8080)),
            endpoint(B, "10.0.0.1", Map.of("http", 80)));

    assertThat(hidden(a, b))
        .containsExactly(new HiddenEndpoint(endpoint(B, "10.0.0.1", Map.of("web", 80)), A));
    assertThat(ServiceMerge.merge(List.of(a, b)).endpoints()).hasSize(2);
  }

  @Test
  void whereANameStandsForTheInstancesItHidesThoseOfTheOthers() {
    List<ServicePort> ports = List.of(new ServicePort("web", 80, null));
    Service named =
        new Service(Facts.id("orders"), ports, List.of(), Optional.of("orders.example.com"));
    Service known = service(ports, endpoint(B, "10.0.0.1", Map.of("web", 8080)));

    assertThat(hidden(named, known))
        .containsExactly(new HiddenEndpoint(endpoint(B, "10.0.0.1", Map.of("web", 8080)), A));
    assertThat(hidden(known, named)).isEmpty();
  }

  private static List<HiddenEndpoint> hidden(Service a, Service b) {
    return ServiceMerge.hidden(new TreeMap<>(Map.of(A, a, B, b)));
  }

  @Test
  void theFirstSourceAloneSaysWhetherANameStandsForTheInstances() {
    List<ServicePort> ports = List.of(new ServicePort("web", 80, null));
    Service named =
        new Service(Facts.id("orders"), ports, List.of(), Optional.of("orders.example.com"));
    Service known = service(ports, endpoint(B, "10.0.0.1", Map.of("web", 8080)));

    assertThat(ServiceMerge.merge(List.of(named, known))).isEqualTo(named);
    assertThat(ServiceMerge.merge(List.of(known, named))).isEqualTo(known);
  }

  @Test
  void portsAreUnitedByNumberAndTheFirstWordCounts() {
    Service merged =
        ServiceMerge.merge(
            List.of(
                service(List.of(new ServicePort("web", 80, null))),
                service(
                    List.of(
                        new ServicePort("http", 80, Protocol.HTTP2),
                        new ServicePort("admin", 81, null)),
                    endpoint(B, "10.0.0.1", Map.of("http", 8080, "admin", 8081)))));
    assertThat(merged.ports())
        .containsExactly(
            new ServicePort("web", 80, Protocol.HTTP2), new ServicePort("admin", 81, null));
    assertThat(merged.endpoints().getFirst().ports()).isEqualTo(Map.of("web", 8080, "admin", 8081));
  }

  @Test
  void twoNumbersUnderOneNameBothKeepTheirEndpoints() {
    Service merged =
        ServiceMerge.merge(
            List.of(
                service(
                    List.of(new ServicePort("http", 80, null)),
                    endpoint(A, "10.0.0.1", Map.of("http", 8080))),
                service(
                    List.of(new ServicePort("http", 90, null)),
                    endpoint(B, "10.0.0.2", Map.of("http", 9090)))));
    assertThat(merged.ports()).extracting(ServicePort::name).containsExactly("http", "http-90");
    assertThat(merged.endpoints())
        .extracting(Endpoint::ports)
        .containsExactly(
            new TreeMap<>(Map.of("http", 8080)), new TreeMap<>(Map.of("http-90", 9090)));
  }

  @Test
  void portsWithoutNamesGetOnesWhereThereAreSeveral() {
    Service merged =
        ServiceMerge.merge(
            List.of(
                service(List.of(new ServicePort("", 80, null))),
                service(
                    List.of(new ServicePort("", 90, null)),
                    endpoint(B, "10.0.0.2", Map.of("", 9090)))));
    assertThat(merged.ports()).extracting(ServicePort::name).containsExactly("port-80", "port-90");
    assertThat(merged.endpoints().getFirst().ports()).isEqualTo(Map.of("port-90", 9090));
  }
}
