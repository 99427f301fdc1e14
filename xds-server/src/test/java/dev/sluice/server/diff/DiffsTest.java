package dev.sluice.server.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.diff.DiffRequest.Rest;
import dev.sluice.server.diff.DocumentChange.What;
import dev.sluice.server.load.Load;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.pipeline.Moment;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DiffsTest {
  private static final String SERVICE =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: %1$s, namespace: shop}
      spec:
        ports: [{name: http, port: 80}]
        endpoints: [{address: %2$s, port: 8080, labels: {version: v1}}]
      """;
  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        timeouts: {request: %s}
      """;
  private static final String ROUTED =
      POLICY.formatted("1s")
          + """
            routes:
              - {name: slow, match: [{path: {prefix: /slow}}], timeouts: {request: 9s}}
          """;
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");

  private final LiveState live = new LiveState();

  @BeforeEach
  void somethingIsLive() {
    live.sidecars("web", 3);
    live.sidecars("api", 2);
    live.tell("orders-service.yaml", SERVICE.formatted("orders", "10.0.0.1"));
    live.tell("users-service.yaml", SERVICE.formatted("users", "10.0.0.2"));
    live.tell("orders.yaml", POLICY.formatted("1s"));
  }

  private Difference diff(Rest rest, List<DocumentKey> delete, String... texts) {
    List<CandidateText> documents = new ArrayList<>();
    for (String text : texts) {
      documents.add(new CandidateText("my/" + documents.size() + ".yaml", text));
    }
    return live.diffs().of(new DiffRequest(documents, delete, Optional.empty(), rest));
  }

  private Difference diff(String... texts) {
    return diff(Rest.KEPT, List.of(), texts);
  }

  @Test
  void theSameDocumentsElsewhereChangeNothing() {
    Difference difference = diff(POLICY.formatted("1s"));

    assertThat(difference.isEmpty()).isTrue();
    assertThat(difference.summary()).isEqualTo("nothing changes for any proxy");
    assertThat(difference.documents())
        .containsExactly(new DocumentChange(ORDERS, What.SAME, "my/0.yaml:1:1"));
  }

  @Test
  void groupsWithTheSameDifferenceAreShownOnceWithTheirProxies() {
    Difference difference = diff(POLICY.formatted("2s"));

    assertThat(difference.groups()).hasSize(1);
    assertThat(difference.groups().getFirst().groups())
        .extracting(it -> it.group().service().name() + " " + it.connected())
        .containsExactly("api 2", "web 3");
    assertThat(difference.summary()).isEqualTo("5 proxies, 1 route changed");
    assertThat(difference.documents())
        .extracting(DocumentChange::what)
        .containsExactly(What.CHANGED);
    assertThat(live.pipeline.documents().document(ORDERS).orElseThrow().origin().start().file())
        .isEqualTo("orders.yaml");
  }

  @Test
  void whatIsWrongWithADocumentIsSaidWithItsPlaceAndTheOthersAreTaken() {
    Difference difference = diff(POLICY.formatted("soon"), SERVICE.formatted("stock", "10.0.0.3"));

    assertThat(difference.problems())
        .singleElement()
        .asString()
        .startsWith("my/0.yaml:6:23 $.spec.timeouts.request: ");
    assertThat(difference.summary())
        .isEqualTo("5 proxies, 1 cluster added, 1 endpoint added, 1 route changed");
  }

  @Test
  void aPolicyThatConflictsIsNamedWithItsPlaceAndChangesNothing() {
    String second = POLICY.formatted("3s").replace("name: orders, namespace", "name: b, namespace");
    List<CandidateText> last = List.of(new CandidateText("z.yaml", second));

    Difference difference =
        live.diffs().of(new DiffRequest(last, List.of(), Optional.empty(), Rest.KEPT));

    assertThat(difference.isEmpty()).isTrue();
    assertThat(difference.problems())
        .singleElement()
        .asString()
        .startsWith("z.yaml:6:")
        .contains("orders.yaml");
  }

  @Test
  void aDocumentThatIsTwiceInWhatIsGivenIsAProblem() {
    Difference difference = diff(POLICY.formatted("2s"), POLICY.formatted("3s"));

    assertThat(difference.problems())
        .singleElement()
        .asString()
        .isEqualTo(
            "my/1.yaml:1:1 $: TrafficPolicy shop/orders is already in my/0.yaml:1:1, which counts; keep one of the two");
  }

  @Test
  void aDeletedDocumentTakesItsServiceAlong() {
    DocumentKey users = new DocumentKey(Kind.STATIC_SERVICE, "shop", "users");
    Difference difference = diff(Rest.KEPT, List.of(users));

    assertThat(difference.summary())
        .isEqualTo("5 proxies, 1 cluster removed, 1 endpoint removed, 1 route changed");
    assertThat(difference.warnings()).anyMatch(it -> it.startsWith("removes the route / of "));
  }

  @Test
  void pruneTakesAwayWhatIsNotAmongThePathsButNotWhatCannotBeRead() {
    String bad = POLICY.formatted("soon");
    Difference difference =
        diff(Rest.GONE, List.of(), SERVICE.formatted("orders", "10.0.0.1"), bad);

    assertThat(difference.documents())
        .filteredOn(it -> it.what() == What.REMOVED)
        .extracting(it -> it.key().toString())
        .containsExactly("StaticService shop/users");
  }

  @Test
  void aRemovedRouteIsSaidWithTheRequestsThatItsClusterHas() {
    live.tell("orders.yaml", ROUTED);
    live.load = Load.of(List.of(Reported.of("web-0", "orders.shop|80", 10, 520)));

    Difference difference = diff(POLICY.formatted("1s"));

    assertThat(difference.warnings())
        .singleElement()
        .asString()
        .startsWith("removes the route /slow")
        .endsWith("has some 3,120 requests a minute by this and other routes");
  }

  @Test
  void theRequestsOfProxiesThatAreNotConcernedAreNotCounted() {
    live.tell("orders.yaml", ROUTED);
    live.load = Load.of(List.of(Reported.of("else-0", "orders.shop|80", 10, 520)));

    assertThat(diff(POLICY.formatted("1s")).warnings())
        .singleElement()
        .asString()
        .doesNotContain("requests");
  }

  @Test
  void aVersionThatNoInstanceHasIsWarnedOf() {
    Difference difference =
        diff(
            """
            apiVersion: sluice.dev/v1
            kind: TrafficPolicy
            metadata: {name: orders, namespace: shop}
            spec:
              target: {service: orders}
              versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
              split: {weights: {v1: 90, v2: 10}}
            """);

    assertThat(difference.warnings())
        .anyMatch(it -> it.matches("the new cluster .*v2.* has no instance that takes requests"));
  }

  @Test
  void nothingIsSaidBeforeEverySourceHasSyncedAndUnknownSourcesAreRefused() {
    DiffRequest elsewhere =
        new DiffRequest(
            List.of(), List.of(), Optional.of(new SourceName("consul", "dc1")), Rest.GONE);
    assertThatThrownBy(() -> live.diffs().of(elsewhere))
        .isInstanceOf(RefusedException.class)
        .hasMessage("no source consul/dc1 holds documents; there are file/files");

    live.synced = false;
    assertThatThrownBy(() -> diff(POLICY.formatted("2s")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("not every source has synced");
  }

  @Test
  @Timeout(8)
  void aThirdThatAsksMeanwhileIsToldAtOnce() throws Exception {
    CompletableFuture<Moment> never = new CompletableFuture<>();
    CountDownLatch inside = new CountDownLatch(2);
    Diffs diffs =
        new Diffs(
            new DiffFacts(
                () -> true,
                () -> {
                  inside.countDown();
                  return never;
                },
                List.of(),
                List::of,
                List::of,
                () -> Load.of(List.of())),
            DocumentParser.reader());
    DiffRequest nothing = new DiffRequest(List.of(), List.of(), Optional.empty(), Rest.KEPT);
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      others.add(
          Thread.ofPlatform()
              .start(
                  () ->
                      assertThatThrownBy(() -> diffs.of(nothing))
                          .isInstanceOf(IllegalStateException.class)));
    }
    inside.await();

    assertThatThrownBy(() -> diffs.of(nothing))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("others ask for differences");

    never.completeExceptionally(new IllegalStateException("the end of the test"));
    for (Thread other : others) {
      other.join();
    }
  }
}
