package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.Canary;
import dev.sluice.spec.Rollout;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/** Random things happen to rollouts; some must never come of it, and an end always. */
final class RollingModelTest {
  private static final int WORLDS = 3_000;
  private static final int EVENTS = 60;
  private static final List<String> VERSIONS = List.of("v1", "v2", "v3");

  private static final List<String> INSTANCES = List.of("1", "1 25% 100%", "2 100%", "30% 60%");

  private final long seed = Long.getLong("rollout.seed", new Random().nextLong());

  @Test
  void neverMovesTrafficToWhereThereIsNobodyAndAlwaysEnds() {
    System.out.println("-Drollout.seed=" + seed);
    Random seeds = new Random(seed);
    for (int i = 0; i < WORLDS; i++) {
      long own = seeds.nextLong();
      Random random = new Random(own);
      RolloutWorld world =
          new RolloutWorld(section(random), Map.of("v1", 1 + random.nextInt(4), "v2", 2));
      world.ready("v3", random.nextInt(3));
      world.look();
      for (int event = 0; event < EVENTS; event++) {
        happen(world, random);
        look(world, own);
        checkAtRest(world, own);
      }
      recover(world);
      for (int day = 0; day < 40; day++) {
        world.now = world.now.plus(Duration.ofHours(1));
        look(world, own);
        if (world.state().phase() == Phase.APPROVING || world.state().pause().isPresent()) {
          world.ask(Verb.RESUME);
          world.ask(Verb.PROMOTE);
        }
      }
      assertThat(world.state().phase().isEnd()).as("seed %d ends: %s", own, world.state()).isTrue();
    }
  }

  /** Looks until nothing changes, and at each change whether it may be. */
  private static void look(RolloutWorld world, long seed) {
    RolloutState before;
    int looks = 0;
    do {
      before = world.state();
      RolloutState after = world.look();
      check(world, before, after, seed);
      assertThat(looks++).as("seed %d comes to rest", seed).isLessThan(100);
    } while (!world.state().equals(before));
  }

  /** Nothing stays with a version that has nobody, where another one has somebody. */
  private static void checkAtRest(RolloutWorld world, long seed) {
    RolloutState state = world.state();
    boolean isDead =
        state.reached() > 0
            && world.facts().of(state.target().to()).ready() == 0
            && world.facts().of(state.target().from()).ready() > 0;
    boolean isOver = state.phase() == Phase.READYING && state.reached() == Shares.WHOLE;
    if (isDead && !isOver && !state.phase().isEnd()) { // There the other one stands in for it.
      boolean isPausing = Terms.of(world.section).onFailure() == Canary.OnFailure.PAUSE;
      assertThat(state.pause()).as("seed %d stays with nobody: %s", seed, state).isPresent();
      assertThat(isPausing).as("seed %d stays with nobody: %s", seed, state).isTrue();
    }
  }

  private static void check(
      RolloutWorld world, RolloutState before, RolloutState after, long seed) {
    checkMeasured(world, before, after, seed);
    Shares from = before.shares();
    Shares to = after.shares();
    String what = "seed %d: %s -> %s with %s".formatted(seed, before, after, world.versions);
    boolean isOfOne = before.target().equals(after.target());
    boolean isAcknowledging = before.phase() == Phase.SHIFTING || before.phase() == Phase.REVERTING;
    if (isAcknowledging && after.phase() != before.phase()) {
      if (!isOfOne) {
        assertThat(after.phase()).as(what).isNotEqualTo(Phase.COMPLETE);
      } else if (after.phase() != Phase.REVERTING) {
        checkConfirmed(world, before, what);
      }
    }
    if (to.equals(from)) {
      return;
    }
    SortedSet<String> gainers = to.gainers(from);
    assertThat(gainers).as(what).allMatch(version -> world.facts().of(version).ready() > 0);
    assertThat(
            before.phase().isEnd()
                && before.target().equals(after.target())
                && before.phase() != Phase.BLOCKED)
        .as("an ended rollout stays where it is: %s", what)
        .isFalse();
    boolean isOnward = after.reached() > before.reached() && after.target().equals(before.target());
    boolean isSameStep =
        to.part().isPresent()
            && to.part().equals(from.part())
            && after.phase() == before.phase()
            && after.since().equals(before.since());
    if (isOnward && !isSameStep) {
      assertThat(before.pause()).as(what).isEmpty();
      assertThat(before.phase()).as(what).isEqualTo(Phase.READYING);
      if (after.target().kind() == Target.Kind.CANARY) {
        checkConfirmed(world, before, what);
        checkStep(world, from, to, what);
      } else {
        assertThat(after.reached()).as(what).isEqualTo(Shares.WHOLE);
      }
    }
    if (isOfOne && after.reached() > 0) {
      int least = from.part().map(part -> least(world, after.target(), part)).orElse(Shares.WHOLE);
      assertThat(after.reached())
          .as("no step gives back: %s", what)
          .isGreaterThanOrEqualTo(Math.min(before.reached(), least));
    }
  }

  /** What the instances that take part have among those of now. */
  private static int least(RolloutWorld world, Target target, Part part) {
    int old = Math.max(1, world.facts().of(target.from()).ready());
    int ready = Math.min(part.count(), world.facts().of(target.to()).ready());
    return (int) (1_000_000L * ready / (old + ready));
  }

  /** As the section says it, not as it is reckoned. */
  private static void checkStep(RolloutWorld world, Shares from, Shares to, String what) {
    Canary canary = Objects.requireNonNull(world.section.canary());
    Readiness old = world.facts().of(canary.from());
    Readiness fresh = world.facts().of(canary.to());
    int share = to.of(canary.to());
    List<Integer> weights =
        canary.steps().stream()
            .filter(step -> step.weight() != null)
            .map(step -> Objects.requireNonNull(step.weight()).millionths())
            .toList();
    if (!weights.isEmpty()) {
      int next =
          weights.stream()
              .filter(weight -> weight > from.of(canary.to()))
              .min(Comparator.naturalOrder())
              .orElse(Shares.WHOLE);
      assertThat(share).as("no step is left out: %s", what).isEqualTo(next);
      assertThat((double) share * old.total() / fresh.ready())
          .as("none carries more than two of the old ones did: %s", what)
          .isLessThanOrEqualTo(2.0 * Shares.WHOLE);
    } else if (share < Shares.WHOLE) {
      int count = to.part().orElseThrow().count();
      assertThat(count).as(what).isLessThanOrEqualTo(fresh.ready());
      assertThat(share)
          .as(what)
          .isEqualTo((int) (1_000_000L * count / (Math.max(1, old.ready()) + count)));
    }
  }

  /** Every proxy has it, or has been late for a minute, and is left out beside others that have. */
  private static void checkConfirmed(RolloutWorld world, RolloutState before, String what) {
    assertThat(world.isServed).as(what).isTrue();
    boolean isWaiting = world.section.onSilent() == Rollout.OnSilent.WAIT;
    SortedSet<String> behind = world.behind();
    if (behind.isEmpty()) {
      return;
    }
    boolean isTried =
        before.phase() != Phase.REVERTING
            && !(before.phase() == Phase.READYING && before.reached() == Shares.WHOLE);
    boolean isRefusedOnly = !isTried && world.held().containsAll(world.pending);
    assertThat(isWaiting && !isRefusedOnly).as("all are waited for: %s", what).isFalse();
    if (!isRefusedOnly) {
      assertThat(behind).as("some have it: %s", what).hasSizeLessThan(world.proxies);
    }
    assertThat(behind)
        .as(what)
        .allMatch(it -> !world.lateSince(it).plus(Duration.ofMinutes(1)).isAfter(world.now));
    assertThat((world.refused.isEmpty() && world.held().isEmpty()) || !isTried).as(what).isTrue();
  }

  /** A step is over by itself only where all is good, and what failed does not stay. */
  private static void checkMeasured(
      RolloutWorld world, RolloutState before, RolloutState after, long seed) {
    if (!before.target().equals(Target.of(world.section))
        || before.target().kind() != Target.Kind.CANARY) {
      return;
    }
    String what = "seed %d: %s -> %s measured %s".formatted(seed, before, after, world.measured);
    boolean isHeld = before.phase() == Phase.HOLDING || before.phase() == Phase.APPROVING;
    boolean isOnItsWay = before.phase() == Phase.READYING || before.phase() == Phase.SHIFTING;
    boolean isOver = before.phase() == Phase.READYING && before.reached() == Shares.WHOLE;
    boolean isMeasured = isHeld || (isOnItsWay && before.reached() > 0 && !isOver);
    if (isMeasured && world.measured instanceof Measured.Failed) {
      boolean isBack = after.phase() == Phase.REVERTING && after.reached() == 0;
      boolean isNobodyThere = world.facts().of(before.target().from()).ready() == 0;
      boolean isStopped = Terms.of(world.section).onFailure() == Canary.OnFailure.PAUSE;
      assertThat(isStopped ? after.pause().isPresent() : isBack || isNobodyThere).as(what).isTrue();
      assertThat(after.reached()).as(what).isLessThanOrEqualTo(before.reached());
    }
    if (before.phase() == Phase.HOLDING
        && (after.phase() == Phase.READYING
            || after.phase() == Phase.APPROVING
            || after.phase() == Phase.COMPLETE)) {
      assertThat(world.measured)
          .as(what)
          .isInstanceOfAny(Measured.Good.class, Measured.Nothing.class);
      assertThat(before.pause()).as(what).isEmpty();
    }
  }

  private static void happen(RolloutWorld world, Random random) {
    switch (random.nextInt(15)) {
      case 0 -> world.ready(VERSIONS.get(random.nextInt(3)), random.nextInt(5));
      case 1 -> world.ready(VERSIONS.get(random.nextInt(3)), random.nextInt(5), 5);
      case 2 -> world.pending.add("p" + random.nextInt(3));
      case 3 -> world.pending.clear();
      case 4 -> world.refused.put("q", "no");
      case 5 -> world.refused.clear();
      case 6 -> world.isServed = random.nextInt(3) > 0;
      case 7 -> world.measured = measured(random);
      case 8 -> world.ask(List.of(Verb.values()).get(random.nextInt(4)));
      case 9 -> world.section = section(random);
      case 10 -> world.hold("p" + random.nextInt(3));
      default -> world.now = world.now.plus(Duration.ofSeconds(random.nextInt(90)));
    }
    world.noteLate();
  }

  private static void recover(RolloutWorld world) {
    VERSIONS.forEach(version -> world.ready(version, 20));
    world.pending.clear();
    world.refused.clear();
    world.noteLate();
    world.isServed = true;
    world.measured = new Measured.Good();
  }

  private static Measured measured(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new Measured.Failed("bad");
      case 1 -> new Measured.Inconclusive("no data");
      case 2 -> new Measured.Pending("waits for errors");
      case 3 -> new Measured.Good();
      default -> new Measured.Nothing();
    };
  }

  private static Rollout section(Random random) {
    String one = VERSIONS.get(random.nextInt(3));
    String other = VERSIONS.get((VERSIONS.indexOf(one) + 1 + random.nextInt(2)) % 3);
    if (random.nextBoolean()) {
      return Sections.blueGreen(
          one, other, random.nextBoolean() ? Rollout.OnSilent.WAIT : Rollout.OnSilent.EXCEPT);
    }
    if (random.nextInt(3) == 0) {
      return Sections.instancesFrom(
          one, other, INSTANCES.get(random.nextInt(INSTANCES.size())).split(" "));
    }
    int first = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(30);
    int second = first + 1 + random.nextInt(60);
    Rollout rollout =
        Sections.canary(
            one,
            other,
            random.nextInt(4) == 0 ? Canary.Approve.MANUAL : Canary.Approve.AUTO,
            random.nextInt(4) == 0 ? Canary.OnFailure.PAUSE : Canary.OnFailure.ROLLBACK,
            first,
            second);
    return random.nextInt(3) == 0 ? Sections.waiting(rollout) : rollout;
  }

  @Test
  void goesOnFromWhatIsKeptAsIfNothingHadHappened() {
    Random seeds = new Random(seed);
    for (int i = 0; i < 200; i++) {
      Random random = new Random(seeds.nextLong());
      RolloutWorld world = new RolloutWorld(section(random), Map.of("v1", 2, "v2", 2, "v3", 2));
      world.look();
      for (int event = 0; event < EVENTS; event++) {
        happen(world, random);
        world.look();
        RolloutState read = StateText.read(StateText.of(world.state()));
        assertThat(read).isEqualTo(world.state().stable(Optional.empty()));
        world.state = Optional.of(read);
      }
    }
  }
}
