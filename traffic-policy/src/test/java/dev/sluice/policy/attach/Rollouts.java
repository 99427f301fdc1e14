package dev.sluice.policy.attach;

import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Canary;
import dev.sluice.spec.InstanceShare;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Rollout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rollouts, in few words. */
final class Rollouts {
  private Rollouts() {}

  static Rollout canary(String from, String to) {
    Canary.Step tenth = new Canary.Step(Percent.parse("10"), null, null, null);
    return new Rollout(null, new Canary(from, to, List.of(tenth), null, null, null), null, null);
  }

  static Rollout byInstances(String from, String to) {
    Canary.Step one = new Canary.Step(null, InstanceShare.parse("1"), null, null);
    return new Rollout(null, new Canary(from, to, List.of(one), null, null, null), null, null);
  }

  static Rollout blueGreen(String active, String standby) {
    return blueGreen(active, standby, null);
  }

  static Rollout previewedByHeader(String active, String standby, String header) {
    BlueGreen.Header preview = new BlueGreen.Header(header, "true");
    return blueGreen(active, standby, new BlueGreen.Preview(preview, null));
  }

  static Rollout previewedByHost(String active, String standby, String host) {
    return blueGreen(active, standby, new BlueGreen.Preview(null, host));
  }

  private static Rollout blueGreen(
      String active, String standby, BlueGreen.@Nullable Preview preview) {
    return new Rollout(new BlueGreen(active, standby, null, null, preview), null, null, null);
  }
}
