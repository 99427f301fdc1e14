package dev.sluice.server.demand;

import static dev.sluice.server.demand.Groups.id;
import static dev.sluice.server.demand.Groups.policyDocument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfService;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeardDocumentsTest {
  private static final SourceName FILES = new SourceName("file", "files");
  private static final SourceName CONSUL = new SourceName("consul", "dc1");
  private static final Duration LONG = Duration.ofHours(1);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ServiceDemand demand = new ServiceDemand();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private SourceSink sink = sink(LONG);

  private SourceSink sink(Duration patience) {
    SourceSink next =
        new SourceSink() {
          @Override
          public void accept(SourceName source, List<SourceUpdate> updates) {
            updates.forEach(update -> told.add(word(update)));
          }

          @Override
          public void status(SourceStatus status) {
            told.add(status.state().toString());
          }
        };
    return HeardDocuments.of(next, demand, timer, patience);
  }

  private static String word(SourceUpdate update) {
    return switch (update) {
      case Upsert(OfDocument(Document document)) -> document.metadata().name();
      case Upsert _ -> "service";
      case Remove _ -> "removed";
      case Replace _ -> "all";
      case Synced _ -> "synced";
    };
  }

  private static Upsert policy(String name, String service) {
    return new Upsert(new OfDocument(policyDocument(name, service)));
  }

  private void tell(SourceUpdate... updates) {
    sink.accept(FILES, List.of(updates));
  }

  /** Consul has read what is wanted but for these. */
  private void read(ServiceId... unread) {
    demand.read(CONSUL, demand.current().version(), Set.of(unread));
  }

  private void awaitTold(String... words) {
    await().untilAsserted(() -> assertThat(told).containsExactly(words));
  }

  @BeforeEach
  void begin() {
    demand.take(CONSUL, "shop");
    demand.await(FILES);
    tell(new Replace(List.of(new OfDocument(policyDocument("a", "stock")))));
    assertThat(demand.awaited()).containsExactly(FILES);
    tell(new Synced());
    assertThat(demand.awaited()).isEmpty();
    assertThat(demand.current().services()).containsExactly(id("stock"));
    read();
    awaitTold("all", "synced");
    told.clear();
  }

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  @Test
  void aDocumentThatNamesWhatIsReadGoesOnAtOnce() {
    tell(policy("b", "stock"), policy("c", "elsewhere.far"));

    assertThat(told).containsExactly("b", "c");
    assertThat(demand.current().has(ServiceId.parse("elsewhere.far", ""))).isTrue();
  }

  @Test
  void oneThatNamesWhatIsNotReadIsHeldBackWithAllThatIsToldTogetherWithIt() {
    Service orders = new Service(id("orders"), List.of(), List.of());
    tell(policy("b", "orders"), new Upsert(new OfService(orders)), policy("c", "stock"));
    assertThat(told).containsExactly("service");
    assertThat(demand.current().has(id("orders"))).isTrue();

    read(id("orders"));
    read(id("orders"), id("other"));
    assertThat(told).containsExactly("service");
    read();
    awaitTold("service", "b", "c");
    tell(policy("d", "stock"));
    assertThat(told).endsWith("d");
  }

  @Test
  void othersGoOnMeanwhileAndLaterWordsOfTheSameComeLater() {
    tell(policy("b", "orders"));
    tell(policy("a", "stock"));
    tell(new Remove(new OfDocument(policyDocument("b", "orders")).key()));
    tell(policy("c", "far.away"));
    assertThat(told).containsExactly("a", "c");

    read();
    awaitTold("a", "c", "b", "removed");
  }

  @Test
  void whatIsToldAnewTakesThePlaceOfWhatWasHeldBack() {
    tell(policy("b", "orders"));
    tell(new Replace(List.of(new OfDocument(policyDocument("c", "stock")))));
    read();

    tell(policy("d", "stock"));
    assertThat(told).containsExactly("all", "d");
  }

  @Test
  void whatCannotBeReadIsNotWaitedForForEver() {
    sink = sink(Duration.ofMillis(20));
    tell(new Replace(List.of()), new Synced());
    told.clear();
    tell(policy("b", "orders"));

    awaitTold("b");
  }

  @Test
  void statusesGoOn() {
    sink.status(new SourceStatus(FILES, SourceStatus.State.STALE, Instant.EPOCH, "x", List.of()));

    assertThat(told).containsExactly("STALE");
  }
}
