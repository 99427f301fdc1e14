package dev.sluice.server.conditions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a replica leaves where there is not room for all of it. */
class FollowingTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");

  private final RolloutTalk talk = new RolloutTalk();
  private final SmallBoard board = new SmallBoard();
  private final Following following = new Following(board, talk, 0);

  @Test
  void allThatItKnowsIsLeftWhereThereIsRoom() throws IOException {
    tally(20);

    assertThat(leave()).isEmpty();
    assertThat(left().pending()).hasSize(20);
  }

  @Test
  void whereNamesAreTooMuchTheRolloutsAreToldWithoutThem() throws IOException {
    tally(20);
    board.room = 400;

    assertThat(leave()).contains("it is too large");
    assertThat(left().pending()).isEmpty();
    assertThat(left().acknowledged()).isEqualTo(3);
    assertThat(left().concerned()).isEqualTo(24);
    assertThat(left().refused()).isEqualTo(Map.of("critic", "no"));
  }

  @Test
  void whereNothingHasRoomItIsLeftThatItIsThere() throws IOException {
    tally(20);
    board.room = 120;

    assertThat(leave()).contains("it is too large");
    assertThat(ReplicaReport.read(board.text).rollouts()).isEmpty();
  }

  @Test
  void itSaysSoUntilThereIsRoomAgain() throws IOException {
    tally(20);
    board.room = 400;
    leave();
    board.room = Integer.MAX_VALUE;

    assertThat(following.leave(new TreeMap<>(), Duration.ofMinutes(1).toNanos())).isEmpty();
    assertThat(left().pending()).hasSize(20);
  }

  private String leave() {
    return following.leave(new TreeMap<>(), Duration.ofSeconds(10).toNanos());
  }

  private RolloutTally left() throws IOException {
    RolloutTally tally = ReplicaReport.read(board.text).rollouts().get(ORDERS.toString());
    assertThat(tally).isNotNull();
    return tally;
  }

  private void tally(int pending) {
    TreeSet<String> names = new TreeSet<>();
    Random random = new Random(7);
    for (int i = 0; i < pending; i++) {
      names.add("sidecar~orders-" + Long.toHexString(random.nextLong()));
    }
    RolloutTally tally =
        new RolloutTally(
            5, 2, 3, pending + 4, names, new TreeMap<>(Map.of("critic", "no")), new TreeMap<>(), 1);
    talk.tally(new TreeMap<>(Map.of(ORDERS, tally)));
  }

  private static final class SmallBoard implements ReplicaBoard {
    int room = Integer.MAX_VALUE;
    String text = "";

    @Override
    public void leave(String report) throws StoreException {
      if (report.length() > room) {
        throw new StoreException(Extent.SIZE, "it is too large", new IOException());
      }
      text = report;
    }

    @Override
    public boolean isLeft() {
      return !text.isEmpty();
    }

    @Override
    public void withdraw() {
      text = "";
    }

    @Override
    public void remove(String replica) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void open() {}

    @Override
    public void shut() {}

    @Override
    public boolean isListed() {
      return true;
    }

    @Override
    public Map<String, String> others() {
      return Map.of();
    }

    @Override
    public Map<String, String> ask() {
      return Map.of();
    }

    @Override
    public String toString() {
      return "board";
    }
  }
}
