package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is asked of a rollout where it is not known what all proxies have. */
class AskingTest {
  private final RolloutWorld world =
      new RolloutWorld(Sections.canary(10, 50), Map.of("v1", 3, "v2", 3));

  @Test
  void whoMayBeSilentIsNotLeftOutWhereItIsNotKnownWhoIs() {
    world.settle();
    world.state = world.state.map(it -> it.in(Phase.SHIFTING, world.now, ""));
    world.isServed = false;

    assertThat(world.ask(Verb.PROMOTE))
        .isEqualTo(
            new Asked.Refused(
                "proxies are acknowledging v1 90 %, v2 10 %, and it is not known here which; try"
                    + " again then, or ask the replica that carries it out"));
  }

  @Test
  void whatIsAbortedBeforeItsFirstStepIsReversedOnceItIsKnownThatAllHaveWhatWasBefore() {
    world.pending.add("c");
    world.settle();
    assertThat(world.state().reached()).isZero();
    world.isServed = false;

    assertThat(world.ask(Verb.ABORT)).isInstanceOf(Asked.Done.class);
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTING);
    world.isServed = true;
    assertThat(world.settle().phase()).as("not by c").isEqualTo(Phase.REVERTING);
    world.pending.clear();
    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
  }
}
