package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spec.InstanceShare;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstanceStepsTest {
  private static RolloutWorld world(int v1, int v2, String... steps) {
    RolloutWorld world = new RolloutWorld(Sections.byInstances(steps), Map.of("v1", v1, "v2", v2));
    world.settle();
    return world;
  }

  private static Optional<Part> part(String step, int count) {
    return Optional.of(new Part("v2", InstanceShare.parse(step), count));
  }

  @Test
  void oneInstanceTakesAsMuchAsEachOfTheOthersThenSomeThenAllHaveAll() {
    RolloutWorld world = world(9, 9, "1", "25%");

    assertThat(world.state().shares().of("v2")).isEqualTo(100_000);
    assertThat(world.state().shares().part()).isEqualTo(part("1", 1));

    world.after(Sections.HOLD);
    assertThat(world.state().shares().of("v2")).isEqualTo(250_000);
    assertThat(world.state().shares().part()).isEqualTo(part("25%", 3));

    world.after(Sections.HOLD);
    assertThat(world.state().shares().isWholly("v2")).isTrue();
    assertThat(world.state().shares().part()).isEmpty();
    assertThat(world.state().phase()).isEqualTo(Phase.COMPLETE);
  }

  @Test
  void aStepWaitsForAsManyInstancesAsItNames() {
    RolloutWorld world = world(4, 2, "3", "100%");
    assertThat(world.state().words())
        .isEqualTo("the step to 3 instances waits for instances of v2: 2 of 3 are ready");

    world.ready("v2", 3);
    assertThat(world.settle().shares().part()).isEqualTo(part("3", 3));
  }

  @Test
  void asInstancesComeAndGoEachKeepsAnEqualShare() {
    RolloutWorld world = world(9, 9, "30%");
    assertThat(world.state().shares().of("v2")).isEqualTo(250_000);

    world.ready("v1", 3);
    assertThat(world.settle().shares().of("v2")).isEqualTo(500_000);
    assertThat(world.state().phase()).isEqualTo(Phase.HOLDING);

    world.ready("v2", 1);
    assertThat(world.settle().shares().of("v2")).isEqualTo(250_000);
    world.ready("v2", 9);
    assertThat(world.settle().shares().of("v2")).isEqualTo(500_000);
    assertThat(world.state().shares().part()).isEqualTo(part("30%", 3));
  }

  @Test
  void twoStepsThatComeToTheSameInstancesAreBothHeld() {
    RolloutWorld world = world(3, 3, "1", "25%");
    assertThat(world.state().shares().part()).isEqualTo(part("1", 1));

    world.after(Sections.HOLD);

    assertThat(world.state().shares().part()).isEqualTo(part("25%", 1));
    assertThat(world.state().phase()).isEqualTo(Phase.HOLDING);
    assertThat(world.after(Sections.HOLD.minusSeconds(1)).phase()).isEqualTo(Phase.HOLDING);
    assertThat(world.after(Duration.ofSeconds(1)).shares().isWholly("v2")).isTrue();
  }

  @Test
  void anEditFromWeightsToInstancesGoesOnWithTheFirstStepThatGivesNoLess() {
    RolloutWorld world = new RolloutWorld(Sections.canary(20, 90), Map.of("v1", 9, "v2", 9));
    world.settle();
    world.section = Sections.byInstances("1", "30%");

    world.settle();
    assertThat(world.state().shares().part()).isEqualTo(part("30%", 3));

    world.section = Sections.canary(5, 40);
    world.after(Sections.HOLD);
    assertThat(world.state().shares()).isEqualTo(Shares.of("v1", "v2", 400_000));
  }

  @Test
  void swappedInItsMiddleTheOtherDirectionNeverGivesMoreToTheVersionThatIsLeft() {
    RolloutWorld world = world(9, 9, "1", "25%", "100%");
    assertThat(world.state().shares().of("v2")).isEqualTo(100_000);

    world.section = Sections.instancesFrom("v2", "v1", "1", "25%", "100%");
    world.settle();
    world.after(Sections.HOLD);

    assertThat(world.sharesOf("v2")).isEqualTo(List.of(0, 10, 0));
    assertThat(world.state().phase()).isEqualTo(Phase.COMPLETE);
  }

  @Test
  void theShareFollowsWhileTheNextStepWaits() {
    RolloutWorld world = world(3, 3, "1", "3", "100%");
    world.ready("v2", 1);
    world.after(Sections.HOLD);
    assertThat(world.state().phase()).isEqualTo(Phase.READYING);

    world.ready("v1", 39);
    assertThat(world.settle().shares().of("v2")).isEqualTo(25_000);
  }

  @Test
  void whatIsGivenBackIsGivenBackByAll() {
    RolloutWorld world = world(9, 9, "1");

    world.ready("v2", 0);

    assertThat(world.settle().phase()).isEqualTo(Phase.REVERTED);
    assertThat(world.state().shares()).isEqualTo(Shares.of("v1", "v2", 0));
  }
}
