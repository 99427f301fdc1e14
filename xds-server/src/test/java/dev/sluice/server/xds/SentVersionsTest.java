package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentVersionsTest {
  @Test
  void itIsThePlainMapThatItStandsFor() {
    RandomSteps.check(400, 80, Beside::new);
  }

  @Test
  void aStreamThatHasWhatItsGroupHasKeepsNothing() {
    Set<String> subscribed = new HashSet<>();
    SentVersions sent = new SentVersions(subscribed::contains);
    SnapshotBuilder builder = new SnapshotBuilder(Snapshot.EMPTY);
    for (int i = 0; i < 100; i++) {
      sent.beforeSubscribing("r" + i);
      subscribed.add("r" + i);
      builder.put(Fixtures.route("r" + i, "1"));
    }
    Snapshot snapshot = builder.build().after();
    snapshot.resources(ROUTE).forEach((name, route) -> sent.put(name, route.version()));
    assertThat(sent.deviating()).isEqualTo(100);
    sent.rest(snapshot.resources(ROUTE));
    assertThat(sent.deviating()).isZero();
    assertThat(sent.names()).hasSize(100);
    SnapshotDiff diff = new SnapshotBuilder(snapshot).put(Fixtures.route("r7", "2")).build();
    sent.moved(diff.before().resources(ROUTE), diff.after().resources(ROUTE), diff.names(ROUTE));
    assertThat(sent.deviating()).as("what is to be sent").isEqualTo(1);
    assertThat(sent.get("r7")).isEqualTo(Fixtures.route("r7", "1").version());
    sent.put("r7", Fixtures.route("r7", "2").version());
    assertThat(sent.deviating()).isZero();
  }

  /** The map that it stands for, kept beside it. */
  private static final class Beside implements RandomSteps.Run {
    private final List<String> done = new ArrayList<>();
    private final Map<String, String> model = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private boolean wildcard;
    private final SentVersions sent = new SentVersions(name -> wildcard || names.contains(name));
    private Snapshot snapshot = Snapshot.EMPTY;

    @Override
    public void step(Random choices) {
      String name = "r" + choices.nextInt(5);
      String version = Fixtures.route(name, "v" + choices.nextInt(3)).version();
      switch (choices.nextInt(10)) {
        case 0 -> put(name, version);
        case 1 -> sendCurrent(name);
        case 2 -> remove(name);
        case 3, 4 -> subscribe(name);
        case 5 -> unsubscribe(name);
        case 6 -> toggleWildcard();
        case 7 -> exactly();
        case 8 -> move(choices);
        default -> rest();
      }
      check();
    }

    private void put(String name, String version) {
      done.add("put " + name + " " + version);
      sent.put(name, version);
      model.put(name, version);
    }

    private void sendCurrent(String name) {
      snapshot.resource(ROUTE, name).ifPresent(route -> put(name, route.version()));
    }

    private void remove(String name) {
      done.add("remove " + name);
      sent.remove(name);
      model.remove(name);
    }

    private void subscribe(String name) {
      done.add("subscribe " + name);
      sent.beforeSubscribing(name);
      names.add(name);
    }

    private void unsubscribe(String name) {
      if (names.remove(name)) {
        done.add("unsubscribe " + name);
        remove(name);
      }
    }

    private void toggleWildcard() {
      done.add("wildcard " + !wildcard);
      if (wildcard) {
        Set<String> held = sent.names();
        wildcard = false;
        held.stream().filter(name -> !names.contains(name)).forEach(this::remove);
      } else {
        sent.beforeSubscribingToAll();
        wildcard = true;
      }
    }

    private void exactly() {
      done.add("exactly");
      sent.exactly(snapshot.resources(ROUTE));
      model.clear();
      snapshot
          .resources(ROUTE)
          .forEach(
              (name, route) -> {
                if (wildcard || names.contains(name)) {
                  model.put(name, route.version());
                }
              });
    }

    private void move(Random choices) {
      SnapshotBuilder builder = new SnapshotBuilder(snapshot);
      for (int edits = choices.nextInt(3); edits >= 0; edits--) {
        String name = "r" + choices.nextInt(5);
        if (choices.nextInt(3) == 0) {
          builder.remove(ROUTE, name);
        } else {
          builder.put(Fixtures.route(name, "v" + choices.nextInt(3)));
        }
      }
      SnapshotDiff diff = builder.build();
      done.add("move to " + diff.after().resources(ROUTE).values());
      snapshot = diff.after();
      sent.moved(diff.before().resources(ROUTE), diff.after().resources(ROUTE), diff.names(ROUTE));
    }

    private void rest() {
      done.add("rest");
      sent.rest(snapshot.resources(ROUTE));
    }

    private void check() {
      for (int i = 0; i < 5; i++) {
        String name = "r" + i;
        assertThat(sent.get(name)).as(name).isEqualTo(model.get(name));
        assertThat(sent.contains(name)).as(name).isEqualTo(model.containsKey(name));
      }
      assertThat(sent.names()).containsExactlyInAnyOrderElementsOf(model.keySet());
      if (sent.isEmpty()) {
        assertThat(model).isEmpty();
      }
    }

    @Override
    public void end() {
      Set.copyOf(model.keySet()).forEach(name -> endWith(name));
      snapshot.resources(ROUTE).keySet().stream()
          .filter(name -> wildcard || names.contains(name))
          .forEach(this::sendCurrent);
      rest();
      check();
      long unwanted =
          snapshot.resources(ROUTE).keySet().stream()
              .filter(name -> !wildcard && !names.contains(name))
              .count();
      assertThat(sent.deviating())
          .as("what was never sent before the wildcard was given up may be kept, and no more")
          .isLessThanOrEqualTo((int) unwanted);
    }

    private void endWith(String name) {
      if (snapshot.resource(ROUTE, name).isEmpty() || !(wildcard || names.contains(name))) {
        remove(name);
      }
    }

    @Override
    public List<String> done() {
      return done;
    }
  }
}
