package dev.sluice.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.source.Source;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every source has to pass. A subclass says how its peer is made to know things, and how it is
 * broken; services are called in the namespace {@code shop}.
 */
public abstract class SourceContract {

  private final List<Source> open = new ArrayList<>();

  /** A new source on the same peer. */
  protected abstract Source newSource();

  /** Makes the peer know a service with endpoints at these addresses. */
  protected abstract void putService(String name, String... addresses) throws Exception;

  /** Makes the peer forget a service. */
  protected abstract void removeService(String name) throws Exception;

  /** Makes the peer hold a gateway document. */
  protected abstract void putGateway(String name, String host) throws Exception;

  /** Makes the peer forget a gateway document. */
  protected abstract void removeGateway(String name) throws Exception;

  /** Makes the peer useless: what it says now must not be believed. */
  protected abstract void breakPeer() throws Exception;

  /** Makes the peer as it was. */
  protected abstract void restorePeer() throws Exception;

  @AfterEach
  final void closeSources() {
    open.forEach(Source::close);
  }

  private RecordingSink start() {
    Source source = newSource();
    open.add(source);
    RecordingSink sink = new RecordingSink();
    source.start(sink);
    await().until(sink::isSynced);
    return sink;
  }

  private static void awaitService(RecordingSink sink, String name, String... addresses) {
    await()
        .untilAsserted(
            () ->
                assertThat(Facts.addresses(sink.image().catalog(), name))
                    .containsExactly(addresses));
  }

  @Test
  void aSourceThatKnowsNothingSaysSo() {
    RecordingSink sink = start();
    assertThat(sink.updates()).containsExactly(new Replace(List.of()), new Synced());
  }

  @Test
  void itStartsWithAllItKnowsThenSaysOnceThatItIsSynced() throws Exception {
    putService("orders", "10.0.0.1", "10.0.0.2");
    putGateway("public", "a.example.com");
    RecordingSink sink = start();
    List<SourceUpdate> updates = sink.updates();
    assertThat(updates.getFirst()).isInstanceOf(Replace.class);
    assertThat(updates.get(1)).isEqualTo(new Synced());
    assertThat(Facts.addresses(sink.image().catalog(), "orders"))
        .containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(sink.image().documents().document(Facts.gatewayKey("public"))).isPresent();
    List<SourceEntry.Key> keys =
        ((Replace) updates.getFirst()).entries().stream().map(SourceEntry::key).toList();
    assertThat(keys).doesNotHaveDuplicates();
    putService("pay", "10.0.1.1");
    awaitService(sink, "pay", "10.0.1.1");
    assertThat(sink.updates().stream().filter(Synced.class::isInstance)).hasSize(1);
    assertThat(sink.updates().stream().filter(Replace.class::isInstance)).hasSize(1);
  }

  @Test
  void changesAndRemovalsAreTold() throws Exception {
    RecordingSink sink = start();
    putService("orders", "10.0.0.1");
    awaitService(sink, "orders", "10.0.0.1");
    putService("orders", "10.0.0.2", "10.0.0.3");
    awaitService(sink, "orders", "10.0.0.2", "10.0.0.3");
    putGateway("public", "a.example.com");
    await().until(() -> sink.image().documents().document(Facts.gatewayKey("public")).isPresent());
    removeService("orders");
    await().until(() -> sink.image().catalog().service(Facts.id("orders")).isEmpty());
    removeGateway("public");
    await().until(() -> sink.image().documents().all().isEmpty());
    assertThat(sink.image().catalog().services()).isEmpty();
  }

  @Test
  void theSameFactsMakeTheSameImageWhateverTheHistory() throws Exception {
    RecordingSink first = start();
    putService("orders", "10.0.0.1");
    awaitService(first, "orders", "10.0.0.1");
    putService("gone", "10.0.0.9");
    awaitService(first, "gone", "10.0.0.9");
    putService("orders", "10.0.0.2");
    putGateway("public", "a.example.com");
    removeService("gone");
    awaitService(first, "orders", "10.0.0.2");
    await().until(() -> first.image().catalog().service(Facts.id("gone")).isEmpty());
    await().until(() -> first.image().documents().document(Facts.gatewayKey("public")).isPresent());
    RecordingSink restarted = start();
    assertThat(restarted.image()).isEqualTo(first.image());
  }

  @Test
  void theUpdatesMakeTheSameImageHoweverTheyAreCut() throws Exception {
    putService("orders", "10.0.0.1");
    RecordingSink sink = start();
    for (int i = 0; i < 5; i++) {
      putService("orders", "10.0.0." + (i + 2));
      putService("pay" + i, "10.0.1." + (i + 1));
      awaitService(sink, "pay" + i, "10.0.1." + (i + 1));
    }
    removeService("pay3");
    await().until(() -> sink.image().catalog().service(Facts.id("pay3")).isEmpty());
    awaitService(sink, "orders", "10.0.0.6");
    List<SourceUpdate> updates = sink.updates();
    SourceName name = open.getFirst().name();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      CatalogImage image = CatalogImage.EMPTY;
      for (int from = 0; from < updates.size(); ) {
        int to = from + 1 + random.nextInt(updates.size() - from);
        image = image.apply(name, updates.subList(from, to)).image();
        from = to;
      }
      assertThat(image).as("seed %d", seed).isEqualTo(sink.image());
    }
  }

  @Test
  void whatIsSaidAgainIsNotToldAgain() throws Exception {
    putService("orders", "10.0.0.1");
    RecordingSink sink = start();
    putService("orders", "10.0.0.1");
    putService("marker", "10.0.0.9");
    awaitService(sink, "marker", "10.0.0.9");
    assertThat(sink.updates().subList(2, sink.updates().size()).toString())
        .doesNotContain("orders");
  }

  @Test
  void aBrokenPeerLeavesTheLastGoodStateAndASignAndRecovers() throws Exception {
    putService("orders", "10.0.0.1");
    RecordingSink sink = start();
    CatalogImage good = sink.image();
    await().until(() -> isWell(sink));
    breakPeer();
    await().until(() -> !isWell(sink));
    assertThat(sink.image()).isEqualTo(good);
    restorePeer();
    await().until(() -> isWell(sink));
    assertThat(sink.image()).isEqualTo(good);
    putService("orders", "10.0.0.2");
    awaitService(sink, "orders", "10.0.0.2");
    assertThat(sink.images()).allMatch(i -> i.catalog().service(Facts.id("orders")).isPresent());
  }

  private static boolean isWell(RecordingSink sink) {
    SourceStatus status = sink.status();
    return status != null
        && status.state() == SourceStatus.State.SYNCED
        && status.problems().isEmpty();
  }

  @Test
  void afterItIsClosedItTellsNothing() throws Exception {
    putService("orders", "10.0.0.1");
    RecordingSink sink = start();
    open.getFirst().close();
    int told = sink.updates().size();
    putService("orders", "10.0.0.2");
    RecordingSink other = start();
    awaitService(other, "orders", "10.0.0.2");
    assertThat(sink.updates()).hasSize(told);
  }
}
