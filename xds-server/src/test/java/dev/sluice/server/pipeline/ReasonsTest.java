package dev.sluice.server.pipeline;

import static dev.sluice.server.pipeline.Shop.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.secret.Secrets;
import dev.sluice.secret.SecretsDelta;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people read of why a revision came about. */
class ReasonsTest {
  private static final SourceName DC1 = new SourceName("consul", "dc1");
  private static final SourceName PODS = new SourceName("kubernetes", "pods");
  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec: {target: {service: orders}, mirror: {service: shadow, percent: 1}}
      """;
  private static final String OVERRIDE =
      """
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: broken, namespace: ops}
      spec: {service: orders.shop, match: {address: 10.0.0.1}, state: out}
      """;

  private static Document document(String file, String yaml) {
    return DocumentParser.reader().read(file, yaml).items().getFirst().document().orElseThrow();
  }

  private static Endpoint endpoint(String address, int weight, Health health, SourceName source) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("", 8080)),
        Collections.emptySortedMap(),
        weight,
        Locality.UNKNOWN,
        health,
        source);
  }

  private static Endpoint healthy(String address) {
    return endpoint(address, 1, Health.HEALTHY, DC1);
  }

  private static Catalog orders(Endpoint... endpoints) {
    return Catalog.EMPTY.with(
        new Service(id("orders"), List.of(new ServicePort("", 80, null)), List.of(endpoints)));
  }

  private static List<Reason> of(Catalog before, Catalog after) {
    boolean gone = after.service(id("orders")).isEmpty();
    SortedSet<dev.sluice.catalog.ServiceId> one = new TreeSet<>(List.of(id("orders")));
    return Reasons.of(
        change(
            new CatalogDelta(
                before,
                after,
                gone ? Collections.emptySortedSet() : one,
                gone ? one : Collections.emptySortedSet()),
            DocumentsDelta.none(Documents.EMPTY)));
  }

  private static List<Reason> of(
      Documents before, Documents after, List<DocumentKey> changed, List<DocumentKey> removed) {
    return Reasons.of(
        change(
            CatalogDelta.none(Catalog.EMPTY),
            new DocumentsDelta(before, after, new TreeSet<>(changed), new TreeSet<>(removed))));
  }

  private static Change change(CatalogDelta catalog, DocumentsDelta documents) {
    return new Change(
        catalog,
        documents,
        SecretsDelta.none(Secrets.EMPTY),
        new Change.Causes(
            Collections.emptySortedSet(), Collections.emptySortedSet(), Instant.EPOCH));
  }

  private static List<String> texts(List<Reason> reasons) {
    return reasons.stream().map(one -> one.name() + ": " + one.text()).toList();
  }

  @Test
  void aDocumentTellsItsPlaceAndTheServicesThatItIsAbout() {
    Document first = document("orders.yaml", POLICY);
    Document moved = document("moved.yaml", "\n\n" + POLICY);
    Documents one = Documents.of(List.of(first));
    Documents other = Documents.of(List.of(moved));

    List<Reason> fresh = of(Documents.EMPTY, one, List.of(first.key()), List.of());
    assertThat(texts(fresh)).containsExactly(first.key() + ": new in orders.yaml:1:1");
    assertThat(fresh.getFirst().services()).containsExactly(id("orders"), id("shadow"));
    assertThat(texts(of(one, other, List.of(first.key()), List.of())))
        .containsExactly(first.key() + ": changed in moved.yaml:3:1");
    List<Reason> gone = of(other, Documents.EMPTY, List.of(), List.of(first.key()));
    assertThat(texts(gone)).containsExactly(first.key() + ": gone, was in moved.yaml:3:1");
    assertThat(gone.getFirst().services()).containsExactly(id("orders"), id("shadow"));
  }

  @Test
  void anOverrideThatHasEndedIsThereStill() {
    Document override = document("override.yaml", OVERRIDE);
    Documents all = Documents.of(List.of(override));
    List<Reason> ended = of(all, all, List.of(), List.of(override.key()));

    assertThat(texts(ended))
        .containsExactly(override.key() + ": ended (expiresIn), is in override.yaml:1:1");
    assertThat(ended.getFirst().services()).containsExactly(id("orders"));
  }

  @Test
  void aServiceTellsWhichInstancesCameWentAndChanged() {
    Catalog before =
        orders(healthy("10.0.0.1"), healthy("10.0.0.2"), healthy("10.0.0.3"), healthy("10.0.0.4"));
    Catalog after =
        orders(
            endpoint("10.0.0.1", 1, Health.UNHEALTHY, DC1),
            endpoint("10.0.0.2", 3, Health.HEALTHY, PODS),
            healthy("10.0.0.4"),
            healthy("2001:db8::1"));

    assertThat(texts(of(before, after)))
        .containsExactly(
            "orders.shop: 10.0.0.1:8080 HEALTHY to UNHEALTHY,"
                + " 10.0.0.2:8080 weight 1 to 3 and from consul/dc1 to kubernetes/pods,"
                + " [2001:db8::1]:8080 came (consul/dc1), 10.0.0.3:8080 went (consul/dc1)");
    assertThat(of(before, after).getFirst().services()).containsExactly(id("orders"));
  }

  @Test
  void aServiceThatIsNewOrGoneSaysSo() {
    assertThat(texts(of(Catalog.EMPTY, orders(healthy("10.0.0.1")))))
        .containsExactly("orders.shop: new, with 1 instance");
    assertThat(texts(of(orders(healthy("10.0.0.1")), Catalog.EMPTY)))
        .containsExactly("orders.shop: gone");
  }

  @Test
  void ofManyInstancesTheFirstAreNamedAndTheOthersCounted() {
    Endpoint[] many =
        IntStream.range(1, 9).mapToObj(i -> healthy("10.0.0." + i)).toArray(Endpoint[]::new);

    assertThat(texts(of(orders(Arrays.copyOf(many, 1)), orders(many))))
        .containsExactly(
            "orders.shop: 10.0.0.2:8080 came (consul/dc1), 10.0.0.3:8080 came (consul/dc1),"
                + " 10.0.0.4:8080 came (consul/dc1), 10.0.0.5:8080 came (consul/dc1),"
                + " 10.0.0.6:8080 came (consul/dc1) and 2 more");
  }
}
