package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.TrafficPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentParserTest {
  private static final String ORDERS =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        versions:
          - {name: v1, labels: {version: v1}}
          - {name: v2, labels: {version: v2}}
        split:
          weights: {v1: 90, v2: 10}
        retry: {attempts: 3, perTryTimeout: 2s, retryOn: [reset]}
      """;

  @Test
  void readsADocumentWithThePositionOfEveryValue() {
    TrafficPolicy policy = (TrafficPolicy) ParsedDocuments.documents(ORDERS).getFirst();

    assertThat(Objects.requireNonNull(policy.spec().retry()).perTryTimeout())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(Objects.requireNonNull(policy.spec().split()).weights()).containsEntry("v2", 10);
    assertThat(policy.origin().at("$.spec.split.weights.v2"))
        .isEqualTo(new Location("test.yaml", 10, 27));
    assertThat(policy.origin().at("$.spec.versions[1].labels.version"))
        .isEqualTo(new Location("test.yaml", 8, 36));
  }

  @Test
  void skipsEmptyDocuments() {
    assertThat(read("---\n---\n# nothing\n---\n" + ORDERS + "---\n").items()).hasSize(1);
    assertThat(read("").items()).isEmpty();
    assertThat(read("").complete()).isTrue();
  }

  @Test
  void keepsTheDocumentsBeforeASyntaxError() {
    Reading reading = read(ORDERS + "---\nkind: [\n");

    assertThat(reading.complete()).isFalse();
    assertThat(reading.items()).hasSize(1);
    assertThat(reading.items().getFirst().document()).isPresent();
    assertThat(reading.problems()).hasSize(1);
  }

  @Test
  void tellsTheKeyOfADocumentThatIsWrong() {
    Reading reading = read(ORDERS.replace("attempts: 3", "attempts: three"));

    assertThat(reading.items())
        .containsExactly(
            new Item(
                Optional.of(new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders")),
                Optional.empty(),
                reading.problems()));
    assertThat(reading.complete()).isTrue();
  }

  @Test
  void tellsOfEachDocumentWhatIsWrongWithItAlone() {
    Reading reading =
        read(
            ORDERS.replace("attempts: 3", "attempts: three")
                + "---\n"
                + ORDERS.replace("name: orders", "name: carts")
                + "---\nkind: Gateway\nkind: Gateway\n");

    assertThat(reading.items()).hasSize(3);
    assertThat(reading.items().get(0).problems()).hasSize(1);
    assertThat(reading.items().get(1).problems()).isEmpty();
    assertThat(reading.items().get(2).problems())
        .as("of its YAML too")
        .anySatisfy(it -> assertThat(it.message()).contains("twice"));
    assertThat(reading.items().stream().flatMap(it -> it.problems().stream()))
        .containsExactlyElementsOf(reading.problems());
  }

  @Test
  void theFirstOfTwoDocumentsWithTheSameKeyCounts() {
    Reading reading = read(ORDERS + "---\n" + ORDERS);

    assertThat(reading.items())
        .extracting(item -> item.document().isPresent())
        .containsExactly(true, false);
    assertThat(reading.problems())
        .extracting(Problem::toString)
        .isEqualTo(
            List.of(
                "test.yaml:13:1 $: TrafficPolicy shop/orders is already given in line 1 of this"
                    + " file; rename or remove one of the two"));
  }

  @Test
  void acceptsWhatTheApiServerAddsToADocument() {
    String stored =
        ORDERS.replace(
            "metadata: {name: orders, namespace: shop}",
            """
            metadata:
              name: orders
              uid: 1f3a
              generation: 4
              resourceVersion: "83"
              annotations: {a/b: "c", n: 1}
              managedFields: [{manager: kubectl, fieldsV1: {f:spec: {}}}]
              creationTimestamp: "2026-01-31T12:00:00Z"
            status: {conditions: []}""");

    assertThat(ParsedDocuments.documents(stored).getFirst().key())
        .isEqualTo(new DocumentKey(Kind.TRAFFIC_POLICY, "default", "orders"));
  }

  private static Reading read(String text) {
    return DocumentParser.reader().read("test.yaml", text);
  }
}
