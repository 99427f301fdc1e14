package dev.sluice.server.rollout;

import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Canary;
import dev.sluice.spec.InstanceShare;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Rollout;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sections of rollouts, as tests write them. */
final class Sections {
  static final Duration HOLD = Duration.ofMinutes(1);

  private Sections() {}

  /** From v1 to v2. */
  static Rollout canary(int... weights) {
    return canary("v1", "v2", Canary.Approve.AUTO, Canary.OnFailure.ROLLBACK, weights);
  }

  static Rollout canary(
      String from, String to, Canary.Approve approve, Canary.OnFailure onFailure, int... weights) {
    List<Canary.Step> steps =
        IntStream.of(weights)
            .mapToObj(weight -> new Canary.Step(new Percent(weight * 10_000), null, HOLD, approve))
            .toList();
    return new Rollout(null, new Canary(from, to, steps, null, null, onFailure), null, null);
  }

  /** The same, which waits for silent proxies. */
  static Rollout waiting(Rollout rollout) {
    return new Rollout(
        rollout.blueGreen(), rollout.canary(), rollout.silentAfter(), Rollout.OnSilent.WAIT);
  }

  /** From v1 to v2, by instances such as {@code 1} and {@code 25%}. */
  static Rollout byInstances(String... instances) {
    return instancesFrom("v1", "v2", instances);
  }

  static Rollout instancesFrom(String from, String to, String... instances) {
    List<Canary.Step> steps =
        Stream.of(instances)
            .map(one -> new Canary.Step(null, InstanceShare.parse(one), HOLD, null))
            .toList();
    return new Rollout(null, new Canary(from, to, steps, null, null, null), null, null);
  }

  /** With a gate of one instance that is stable for 10 s, within 5 minutes. */
  static Rollout blueGreen(String active, String standby) {
    return blueGreen(active, standby, null);
  }

  static Rollout blueGreen(String active, String standby, Rollout.@Nullable OnSilent onSilent) {
    return new Rollout(new BlueGreen(active, standby, null, null, null), null, null, onSilent);
  }
}
