package dev.sluice.server.pipeline;

import static dev.sluice.server.pipeline.Shop.exposed;
import static dev.sluice.server.pipeline.Shop.policy;
import static dev.sluice.server.pipeline.Shop.service;
import static dev.sluice.server.pipeline.Shop.sidecar;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.source.SourceEntry;
import dev.sluice.spec.Document;
import dev.sluice.spec.InstanceOverride;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An override that is given for a while ends when its time is over, with nobody doing anything. */
class OverrideEndTest extends PipelineFixture {
  @Test
  void anOverrideEndsByItself() {
    watch(sidecar());
    tell(service("orders", 1, 2), overrideUntil(now.plusSeconds(60)));
    assertThat(addresses(sidecar(), "orders.shop|80")).containsExactly("10.0.0.2");
    assertThat(later.firstKey()).isEqualTo(now.plusSeconds(60));

    passTheEnd();

    assertThat(last(sidecar()).types().keySet()).containsExactly(ResourceType.ENDPOINT);
    assertThat(addresses(sidecar(), "orders.shop|80")).containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(pipeline.problems())
        .extracting(Problem::message)
        .containsExactly(
            "ended at 2026-03-01T10:01:00Z; remove the document, or write it anew to have it hold"
                + " again");
    assertThat(later).isEmpty();
  }

  @Test
  void theEndOfAnOverrideLosesNoEditThatIsSetAside() {
    NodeGroup edge = edgeOfOrdersAndUsers();
    tell(overrideUntil(now.plusSeconds(60)));
    tell(exposed("users", "orders.example.com"));

    passTheEnd();
    assertThat(accepted("users")).isFalse();

    tell(exposed("orders", "other.example.com"));
    assertThat(accepted("users")).isTrue();
    assertThat(routes(edge)).contains("orders.example.com").doesNotContain("users.example.com");
  }

  @Test
  void anOverrideThatHadEndedBeforeItWasReadNeverHolds() {
    watch(sidecar());
    tell(service("orders", 1, 2), overrideUntil(now));
    assertThat(addresses(sidecar(), "orders.shop|80")).containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(later).isEmpty();
  }

  @Test
  void changesOfOtherDocumentsDoNotLookAgainForTheEndOfAnOverride() {
    watch(sidecar());
    tell(service("orders", 1, 2), overrideUntil(now.plusSeconds(60)));
    later.clear();
    tell(policy("orders", 50));
    assertThat(later).isEmpty();
    assertThat(addresses(sidecar(), "orders.shop|80|v1")).isEmpty();
  }

  /** Lets time pass until the next thing that is due, and has it done. */
  private void passTheEnd() {
    Map.Entry<Instant, Runnable> end = requireNonNull(later.pollFirstEntry());
    now = end.getKey();
    end.getValue().run();
  }

  private static SourceEntry overrideUntil(Instant end) {
    String yaml =
        """
        apiVersion: sluice.dev/v1
        kind: InstanceOverride
        metadata: {name: out, namespace: shop}
        spec: {service: orders, match: {address: 10.0.0.1}, state: out, expiresIn: 1h}
        """;
    Document document =
        DocumentParser.reader().read("test", yaml).items().getFirst().document().orElseThrow();
    return new SourceEntry.OfDocument(
        ((InstanceOverride) document).startingAt(end.minus(Duration.ofHours(1))));
  }
}
