package dev.sluice.server.catalog;

import static dev.sluice.server.source.Facts.endpoint;
import static dev.sluice.server.source.Facts.gateway;
import static dev.sluice.server.source.Facts.gatewayKey;
import static dev.sluice.server.source.Facts.id;
import static dev.sluice.server.source.Facts.removeGateway;
import static dev.sluice.server.source.Facts.removeService;
import static dev.sluice.server.source.Facts.replace;
import static dev.sluice.server.source.Facts.service;
import static dev.sluice.server.source.Facts.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import dev.sluice.source.SourceEntry.OfService;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Synced;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CatalogImageTest {

  private static final SourceName A = new SourceName("consul", "a");
  private static final SourceName B = new SourceName("file", "b");

  private static CatalogImage image(SourceName source, SourceUpdate... updates) {
    return CatalogImage.EMPTY.apply(source, List.of(updates)).image();
  }

  @Test
  void whatEachSourceSaysOfAServiceStaysKnownAndWhatIsHiddenAsLongAsItIs() {
    Service a = service(A, "orders", "10.0.0.1");
    Service b = service(B, "orders", "10.0.0.1", "10.0.0.2");
    CatalogImage both = image(B, upsert(b)).apply(A, List.of(upsert(a))).image();

    assertThat(both.views(id("orders"))).containsExactly(Map.entry(A, a), Map.entry(B, b));
    assertThat(both.hidden(id("orders")))
        .containsExactly(new HiddenEndpoint(endpoint(B, "10.0.0.1"), A));

    CatalogImage one = both.apply(A, List.of(removeService("orders"))).image();
    assertThat(one.hidden(id("orders"))).isEmpty();
    assertThat(one.views(id("orders"))).containsOnlyKeys(B);
    assertThat(one.views(id("cart"))).isEmpty();
    assertThat(one.hidden(id("cart"))).isEmpty();
  }

  @Test
  void aDeltaNamesWhatChangedAndWhatIsGone() {
    CatalogImage before =
        image(A, upsert(service(A, "a", "10.0.0.1")), upsert(service(A, "b", "10.0.0.1")));
    Folded folded =
        before.apply(
            A,
            List.of(
                upsert(service(A, "a", "10.0.0.2")),
                removeService("b"),
                upsert(gateway("public", "x.example.com"))));
    assertThat(folded.catalog().before()).isEqualTo(before.catalog());
    assertThat(folded.catalog().after()).isEqualTo(folded.image().catalog());
    assertThat(folded.catalog().changed()).containsExactly(id("a"));
    assertThat(folded.catalog().removed()).containsExactly(id("b"));
    assertThat(folded.documents().changed()).containsExactly(gatewayKey("public"));
  }

  @Test
  void whatIsThereAlreadyIsNoChange() {
    CatalogImage before =
        image(A, upsert(service(A, "a", "10.0.0.1")), upsert(gateway("public", "x.example.com")));
    Folded folded =
        before.apply(
            A,
            List.of(
                upsert(service(A, "a", "10.0.0.1")),
                upsert(gateway("public", "x.example.com")),
                removeService("unknown"),
                removeGateway("unknown")));
    assertThat(folded.catalog().isEmpty()).isTrue();
    assertThat(folded.documents().isEmpty()).isTrue();
    assertThat(folded.urgency()).isEqualTo(Urgency.NONE);
    assertThat(folded.image()).isEqualTo(before);
  }

  @Test
  void aChangeThatIsTakenBackInOneListIsNone() {
    CatalogImage before = image(A, upsert(service(A, "a", "10.0.0.1")));
    Folded folded =
        before.apply(A, List.of(removeService("a"), upsert(service(A, "a", "10.0.0.1"))));
    assertThat(folded.catalog().isEmpty()).isTrue();
    assertThat(folded.urgency()).isEqualTo(Urgency.NONE);
  }

  @Test
  void aReplaceTakesAwayWhatItDoesNotNameButOnlyOfItsSource() {
    CatalogImage before =
        image(A, upsert(service(A, "a", "10.0.0.1")), upsert(service(A, "b", "10.0.0.1")))
            .apply(B, List.of(upsert(service(B, "c", "10.0.0.1"))))
            .image();
    Folded folded = before.apply(A, List.of(replace(new OfService(service(A, "a", "10.0.0.1")))));
    assertThat(folded.catalog().changed()).isEmpty();
    assertThat(folded.catalog().removed()).containsExactly(id("b"));
    assertThat(folded.image().catalog().services()).containsOnlyKeys(id("a"), id("c"));
  }

  @Test
  void aServiceOfTwoSourcesGoesWithTheLastOfThem() {
    CatalogImage both =
        image(B, upsert(service(B, "a", "10.0.0.2")))
            .apply(A, List.of(upsert(service(A, "a", "10.0.0.1"))))
            .image();
    assertThat(both.catalog().service(id("a")).orElseThrow().endpoints()).hasSize(2);
    Folded one = both.apply(A, List.of(removeService("a")));
    assertThat(one.catalog().changed()).containsExactly(id("a"));
    Folded none = one.image().apply(B, List.of(removeService("a")));
    assertThat(none.catalog().removed()).containsExactly(id("a"));
    assertThat(none.image()).isEqualTo(CatalogImage.EMPTY);
  }

  @Test
  void ofADocumentInTwoSourcesTheFirstCountsAndTheOtherIsReported() {
    CatalogImage both =
        image(B, upsert(gateway("public", "b.example.com")))
            .apply(A, List.of(upsert(gateway("public", "a.example.com"))))
            .image();
    assertThat(both.documents().document(gatewayKey("public")))
        .contains(gateway("public", "a.example.com"));
    assertThat(both.problems()).containsOnlyKeys(B);
    assertThat(both.problems().get(B))
        .extracting(Problem::toString)
        .containsExactly(
            "public.yaml $: Gateway shop/public is hidden by the one of source consul/a"
                + " (public.yaml); keep one of the two");
    Folded alone = both.apply(A, List.of(removeGateway("public")));
    assertThat(alone.documents().changed()).containsExactly(gatewayKey("public"));
    assertThat(alone.image().problems()).isEmpty();
  }

  @Test
  void additionsMayWait() {
    CatalogImage before = image(A, upsert(withHealth(Health.UNHEALTHY)));
    assertThat(before.apply(A, List.of(upsert(service(A, "b", "10.0.0.1")))).urgency())
        .isEqualTo(Urgency.MAY_WAIT);
    assertThat(before.apply(A, List.of(upsert(withHealth(Health.HEALTHY)))).urgency())
        .isEqualTo(Urgency.MAY_WAIT);
    assertThat(before.apply(B, List.of(upsert(service(B, "a", "10.0.0.2")))).urgency())
        .isEqualTo(Urgency.MAY_WAIT);
    assertThat(before.apply(A, List.of(upsert(gateway("new", "x.example.com")))).urgency())
        .isEqualTo(Urgency.MAY_WAIT);
  }

  @Test
  void whatTakesSomethingAwayMayNot() {
    CatalogImage before =
        image(
            A,
            upsert(service(A, "a", "10.0.0.1", "10.0.0.2")),
            upsert(gateway("public", "x.example.com")));
    for (SourceUpdate update :
        List.of(
            removeService("a"),
            upsert(service(A, "a", "10.0.0.1")),
            upsert(withHealth(Health.DRAINING)),
            upsert(service(A, "a", "10.0.0.1", "10.0.0.3")),
            removeGateway("public"),
            upsert(gateway("public", "y.example.com")))) {
      Folded folded = before.apply(A, List.of(upsert(service(A, "b", "10.0.0.1")), update));
      assertThat(folded.urgency()).as("%s", update).isEqualTo(Urgency.AT_ONCE);
    }
  }

  @Test
  void lessHealthOrOtherLabelsAreUrgent() {
    CatalogImage before = image(A, upsert(withHealth(Health.HEALTHY)));
    assertThat(before.apply(A, List.of(upsert(withHealth(Health.DRAINING)))).urgency())
        .isEqualTo(Urgency.AT_ONCE);
    Service service = withHealth(Health.HEALTHY);
    dev.sluice.catalog.Endpoint was = service.endpoints().getFirst();
    dev.sluice.catalog.Endpoint labelled =
        new dev.sluice.catalog.Endpoint(
            was.address(),
            was.ports(),
            new TreeMap<>(Map.of("version", "v2")),
            was.weight(),
            was.locality(),
            was.health(),
            was.source());
    Service moved = new Service(service.id(), service.ports(), List.of(labelled));
    assertThat(before.apply(A, List.of(upsert(moved))).urgency()).isEqualTo(Urgency.AT_ONCE);
  }

  private static Service withHealth(Health health) {
    Service service = service(A, "a");
    return new Service(service.id(), service.ports(), List.of(endpoint(A, "10.0.0.1", health)));
  }

  @Test
  void howeverAStreamIsCutTheImageIsTheSame() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Map.Entry<SourceName, SourceUpdate>> stream = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      SourceName source = random.nextBoolean() ? A : B;
      stream.add(Map.entry(source, update(source, random)));
    }
    CatalogImage oneByOne = cut(stream, random, 1);
    assertThat(cut(stream, random, 400)).as("seed %d", seed).isEqualTo(oneByOne);
    for (int round = 0; round < 20; round++) {
      assertThat(cut(stream, random, 1 + random.nextInt(50)))
          .as("seed %d", seed)
          .isEqualTo(oneByOne);
    }
  }

  @Test
  void theDeltasOfAStreamLeadFromTheFirstCatalogToTheLast() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    CatalogImage image = CatalogImage.EMPTY;
    Catalog followed = Catalog.EMPTY;
    for (int i = 0; i < 400; i++) {
      SourceName source = random.nextBoolean() ? A : B;
      Folded folded = image.apply(source, List.of(update(source, random)));
      image = folded.image();
      for (var id : folded.catalog().changed()) {
        followed = followed.with(folded.catalog().after().service(id).orElseThrow());
      }
      for (var id : folded.catalog().removed()) {
        followed = followed.without(id);
      }
      assertThat(followed).as("seed %d, step %d", seed, i).isEqualTo(image.catalog());
      assertThat(folded.urgency() == Urgency.NONE)
          .as("seed %d, step %d", seed, i)
          .isEqualTo(folded.catalog().isEmpty() && folded.documents().isEmpty());
    }
  }

  /** Folds runs of one source's updates together, in lists of at most {@code most}. */
  private static CatalogImage cut(
      List<Map.Entry<SourceName, SourceUpdate>> stream, Random random, int most) {
    CatalogImage image = CatalogImage.EMPTY;
    int from = 0;
    while (from < stream.size()) {
      SourceName source = stream.get(from).getKey();
      List<SourceUpdate> list = new ArrayList<>();
      int size = 1 + random.nextInt(most);
      while (from < stream.size()
          && list.size() < size
          && stream.get(from).getKey().equals(source)) {
        list.add(stream.get(from++).getValue());
      }
      image = image.apply(source, list).image();
    }
    return image;
  }

  private static SourceUpdate update(SourceName source, Random random) {
    String name = "s" + random.nextInt(6);
    String address = "10.0.0." + random.nextInt(4);
    return switch (random.nextInt(12)) {
      case 0 -> replace(new OfService(service(source, name, address)));
      case 1, 2, 3 -> removeService(name);
      case 4, 5 -> upsert(gateway(name, source.name() + random.nextInt(3) + ".example.com"));
      case 6 -> removeGateway(name);
      case 7 -> new Synced();
      default -> upsert(service(source, name, address, "10.0.1." + random.nextInt(3)));
    };
  }
}
