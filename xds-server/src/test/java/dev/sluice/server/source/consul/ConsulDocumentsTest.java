package dev.sluice.server.source.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.Observed;
import dev.sluice.server.source.consul.Reply.KeyValue;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What keys hold, for whoever says beside them what became of it. */
class ConsulDocumentsTest {
  private static final Instant WALL = Instant.parse("2026-03-01T10:00:00Z");
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final DocumentKey OUT = new DocumentKey(Kind.INSTANCE_OVERRIDE, "shop", "out");

  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec: {target: {service: orders}, timeouts: {request: 3s}}
      """;

  private static final String OVERRIDE =
      """
      ---
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: out, namespace: shop}
      spec: {service: orders, match: {address: 192.0.2.7}, state: drain, expiresIn: 5m}
      """;

  private final ConsulDocuments documents =
      new ConsulDocuments(
          new SourceName("consul", "dc1"), DocumentParser.reader(), Duration.ofSeconds(60));

  private static KeyValue key(String text, long index) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new KeyValue("sluice/a", Base64.getEncoder().encodeToString(bytes), index);
  }

  private void take(String text, long index, Instant wall) {
    documents.keys(List.of(key(text, index)), false, 0, wall);
  }

  private Observed seen() {
    return Objects.requireNonNull(documents.observed().get("sluice/a"));
  }

  private List<Document> told() {
    List<Document> told = new ArrayList<>();
    documents
        .take(0)
        .forEach(
            update -> {
              if (update instanceof Upsert(OfDocument(Document document))) {
                told.add(document);
              }
            });
    return told;
  }

  @Test
  void anEditOfOneDocumentIsANewEditionOfAllThatTheKeyHolds() {
    take(POLICY + OVERRIDE, 7, WALL);
    assertThat(told()).extracting(it -> it.origin().generation()).containsExactly(7L, 7L);
    assertThat(seen().generation()).isEqualTo(7);
    assertThat(seen().file()).isEqualTo("consul/dc1/sluice/a");
    assertThat(seen().documents().keySet()).containsExactly(ORDERS, OUT);

    String uid = seen().uid();
    take(POLICY.replace("3s", "4s") + OVERRIDE, 9, WALL);
    assertThat(told()).extracting(it -> it.origin().generation()).containsExactly(9L, 9L);
    assertThat(seen().uid()).isNotEqualTo(uid);
  }

  @Test
  void theSameValueUnderAnotherIndexIsANewEditionAndProlongsNoOverride() {
    take(POLICY + OVERRIDE, 7, WALL);
    assertThat(ends()).containsExactly(WALL.plus(Duration.ofMinutes(5)));
    take(POLICY + OVERRIDE, 7, WALL.plusSeconds(60));
    assertThat(told()).isEmpty();

    take(POLICY + OVERRIDE, 9, WALL.plusSeconds(120));
    assertThat(seen().generation()).isEqualTo(9);
    assertThat(ends()).containsExactly(WALL.plus(Duration.ofMinutes(5)));
  }

  private List<Instant> ends() {
    List<Instant> ends = new ArrayList<>();
    for (Document one : told()) {
      if (one instanceof InstanceOverride override) {
        override.expiresAt().ifPresent(ends::add);
      }
    }
    return ends;
  }

  @Test
  void eachDocumentHasTheProblemsThatAreItsOwn() {
    take(POLICY.replace("3s", "soon") + OVERRIDE, 7, WALL);
    assertThat(seen().documents().get(ORDERS))
        .singleElement()
        .extracting(Problem::path)
        .isEqualTo("$.spec.timeouts.request");
    assertThat(seen().documents().get(OUT)).isEmpty();
    assertThat(seen().problems()).hasSize(1);
  }

  @Test
  void aKeyOfWhichItIsDoubtedThatItIsGoneIsThereUntilItsDocumentsGo() {
    take(POLICY, 7, WALL);
    documents.keys(List.of(), true, 1, WALL);
    assertThat(documents.observed()).containsKey("sluice/a");
    documents.take(Duration.ofSeconds(61).toNanos());
    assertThat(documents.observed()).isEmpty();
  }

  @Test
  void whatCannotBeReadAsDocumentsHasProblemsAndNoDocuments() {
    take("kind: [", 7, WALL);
    assertThat(seen().documents()).isEmpty();
    assertThat(seen().problems()).isNotEmpty();
    KeyValue binary = new KeyValue("sluice/a", "/w==", 8);
    documents.keys(List.of(binary), false, 0, WALL);
    assertThat(seen().problems().getFirst().message()).contains("UTF-8");
    documents.keys(List.of(), false, 0, WALL);
    assertThat(documents.observed()).isEmpty();
  }
}
