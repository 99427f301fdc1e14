package dev.sluice.server.conditions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Problem;
import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.server.source.Observed;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What replicas do for statuses, wherever these stand: the one that leads, and one that follows.
 */
class LeadingTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final DocumentKey CARTS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "carts");

  private final Board board = new Board();
  private final Store store = new Store();
  private final RolloutTalk talk = new RolloutTalk();
  private final Leading leading = new Leading(store, board, talk, 0);

  @Test
  void aStatusIsWrittenOnceAndAgainOnlyWhereItDiffers() {
    assertThat(write(places(place("a", 1, ORDERS)), 1)).isEmpty();
    assertThat(write(places(place("a", 1, ORDERS)), 2)).isEmpty();
    assertThat(store.written).containsExactly("a 1/1");
    write(places(place("a", 2, ORDERS)), 3);
    assertThat(store.written).containsExactly("a 1/1", "a 2/2");
  }

  @Test
  void whatSomebodyElseHasChangedIsWrittenAnew() {
    write(places(place("a", 1, ORDERS), place("b", 1, CARTS)), 1);
    store.changed.add("b");
    write(places(place("a", 1, ORDERS), place("b", 1, CARTS)), 2);
    assertThat(store.written).containsExactly("a 1/1", "b 1/1", "b 1/1");
    assertThat(store.places).isEqualTo(Set.of("a", "b"));
  }

  @Test
  void nothingIsSaidOfAPlaceBeforeItIsKnownWhatBecameOfAllThatIsInIt() {
    PlaceStanding place = place("a", 1, ORDERS, CARTS);
    SortedMap<DocumentKey, Standing> half = new TreeMap<>(place.documents());
    half.computeIfPresent(CARTS, (_, one) -> one.onItsWay());
    write(places(new PlaceStanding("a", place.seen(), half)), 1);
    assertThat(store.written).isEmpty();
    write(places(place), 2);
    assertThat(store.written).containsExactly("a 1/1 1/1");
  }

  @Test
  void theProxiesOfOtherReplicasCountForTheDocumentInThatPlaceOnly() {
    Tally two = new Tally("uid/7", 2, 2, List.of(), null);
    board.others.put(
        "other",
        new ReplicaReport(1, new TreeMap<>(Map.of(ORDERS + " in a", two, ORDERS.toString(), two)))
            .text());
    write(places(place("a", 1, ORDERS), place("b", 1, ORDERS)), 1);
    write(places(place(ORDERS.toString(), 1, ORDERS)), 2);
    assertThat(store.written)
        .as("the last as a custom resource is called, of which there is only one of a name")
        .containsExactly("a 3/3", "b 1/1", ORDERS + " 3/3");
  }

  @Test
  void onePlaceThatCannotBeWrittenKeepsNoOtherFromIt() {
    store.failing.put("a", Extent.SIZE);
    assertThat(write(places(place("a", 1, ORDERS), place("b", 1, CARTS)), 1))
        .isEqualTo("a: it fails");
    assertThat(store.written).containsExactly("b 1/1");

    store.failing.put("a", Extent.ALL);
    store.written.clear();
    write(places(place("a", 1, ORDERS), place("b", 2, CARTS)), 2);
    assertThat(store.written).as("nor is any other tried in vain").isEmpty();
  }

  @Test
  void whoLeadsNoMoreWritesAndRemovesNothing() {
    assertThat(leading.write(places(place("a", 1, ORDERS)), () -> false, SECOND)).isEmpty();
    assertThat(store.written).isEmpty();
    assertThat(store.places).isEmpty();
  }

  @Test
  void whileTheOthersCannotBeHeardNothingIsSaidToBeProgrammed() {
    board.listed = false;
    assertThat(write(places(place("a", 1, ORDERS)), 4)).isEmpty();
    assertThat(store.written).isEmpty();
    assertThat(write(places(place("a", 1, ORDERS)), 5))
        .isEqualTo("a board cannot be watched; the proxies of other replicas are not counted");
    assertThat(store.programmed).isEqualTo(Condition.Holds.FALSE);
  }

  @Test
  void whatASilentReplicaLeftIsRemovedAndWhereThatFailsTriedAgain() {
    String report = new ReplicaReport(1, new TreeMap<>()).text();
    board.others.put("dead", report);
    board.others.put("gone", report);
    board.failing.add("dead");
    SortedMap<String, PlaceStanding> places = places(place("a", 1, ORDERS));
    write(places, 1);
    assertThat(write(places, 32)).isEqualTo("a board: it is busy");
    assertThat(board.others).as("others are not kept from it").containsOnlyKeys("dead");

    assertThat(write(places, 63)).isEmpty();
    assertThat(board.others).isEmpty();
  }

  @Test
  void aFollowerLeavesItsReportWhereItDiffersAndAgainWhenItIsLost() {
    Following following = new Following(board, talk, -2 * SECOND);
    assertThat(following.leave(places(place("a", 1, ORDERS)), 0)).isEmpty();
    assertThat(following.leave(places(place("a", 1, ORDERS)), SECOND)).isEmpty();
    assertThat(board.left).hasSize(1);
    board.isLeft = false;
    assertThat(following.leave(places(place("a", 1, ORDERS)), 2 * SECOND)).isEmpty();
    assertThat(board.left).hasSize(2);
  }

  @Test
  void aReportThatIsTooLargeIsToldAndInItsPlaceThatTheReplicaIsThere() throws Exception {
    board.most = 300;
    SortedMap<String, PlaceStanding> many = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      many.put("place" + i, place("place" + i, i, ORDERS));
    }
    Following following = new Following(board, talk, -2 * SECOND);
    for (int i = 0; i < 2; i++) {
      assertThat(following.leave(many, i * SECOND)).isEqualTo("a board: it is too large");
    }
    assertThat(board.left).hasSize(1);
    assertThat(ReplicaReport.read(board.left.getFirst()).documents()).isEmpty();
    assertThat(following.leave(places(place("a", 1, ORDERS)), 2 * SECOND)).isEmpty();
  }

  private String write(SortedMap<String, PlaceStanding> places, int second) {
    return leading.write(places, () -> true, second * SECOND);
  }

  private static SortedMap<String, PlaceStanding> places(PlaceStanding... all) {
    SortedMap<String, PlaceStanding> places = new TreeMap<>();
    for (PlaceStanding one : all) {
      places.put(one.name(), one);
    }
    return places;
  }

  private static PlaceStanding place(String name, int proxies, DocumentKey... keys) {
    SortedMap<DocumentKey, Standing> documents = new TreeMap<>();
    SortedMap<DocumentKey, List<Problem>> problems = new TreeMap<>();
    for (DocumentKey key : keys) {
      Tally tally = new Tally("uid/7", proxies, proxies, List.of(), null);
      documents.put(
          key,
          new Standing(
              "uid", 7, List.of(), Optional.empty(), List.of(), "", Optional.empty(), tally));
      problems.put(key, List.of());
    }
    return new PlaceStanding(
        name, new Observed("file/" + name, 7, "uid", List.of(), problems), documents);
  }

  private static StoreException failure(Extent extent, String words) {
    return new StoreException(extent, words, new IllegalStateException(words));
  }

  private static final class Store implements StatusStore {
    final List<String> written = new ArrayList<>();
    final Set<String> changed = new HashSet<>();
    final Map<String, Extent> failing = new HashMap<>();
    Set<String> places = Set.of();
    Condition.@Nullable Holds programmed;

    @Override
    public void begin() {}

    @Override
    public Set<String> look(Set<String> all, long now) {
      places = Set.copyOf(all);
      Set<String> others = Set.copyOf(changed);
      changed.clear();
      return others;
    }

    @Override
    public boolean write(WantedStatus wanted) throws StoreException {
      Extent extent = failing.get(wanted.place());
      if (extent != null) {
        throw failure(extent, "it fails");
      }
      StringBuilder text = new StringBuilder(wanted.place());
      for (StatusObject one : wanted.documents().values()) {
        text.append(' ').append(one.acknowledged()).append('/').append(one.concerned());
        programmed = one.conditions().getLast().holds();
      }
      written.add(text.toString());
      return true;
    }
  }

  private static final class Board implements ReplicaBoard {
    final Map<String, String> others = new HashMap<>();
    final List<String> left = new ArrayList<>();
    final Set<String> failing = new HashSet<>();
    boolean listed = true;
    boolean isLeft;
    int most = Integer.MAX_VALUE;

    @Override
    public void leave(String report) throws StoreException {
      if (report.length() > most) {
        throw failure(Extent.SIZE, "it is too large");
      }
      left.add(report);
      isLeft = true;
    }

    @Override
    public boolean isLeft() {
      return isLeft;
    }

    @Override
    public void withdraw() {}

    @Override
    public void remove(String replica) throws StoreException {
      if (!failing.remove(replica)) {
        others.remove(replica);
      } else {
        throw failure(Extent.ONE, "it is busy");
      }
    }

    @Override
    public void open() {}

    @Override
    public void shut() {}

    @Override
    public boolean isListed() {
      return listed;
    }

    @Override
    public Map<String, String> others() {
      return Map.copyOf(others);
    }

    @Override
    public Map<String, String> ask() {
      return others();
    }

    @Override
    public String toString() {
      return "a board";
    }
  }
}
