package dev.sluice.translate;

import com.google.protobuf.BoolValue;
import dev.sluice.policy.attach.ClusterPolicy.FailurePercentPolicy;
import dev.sluice.policy.attach.ClusterPolicy.OutlierPolicy;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import java.time.Duration;
import java.util.Optional;

/** Ejection of instances that answer with errors ({@code Cluster.outlier_detection}). */
final class OutlierDetections {
  private static final int ALWAYS = 100;
  private static final int NEVER = 0;

  private OutlierDetections() {}

  /** Empty where nothing could ever eject an instance. */
  static Optional<OutlierDetection> of(OutlierPolicy policy) {
    if (policy.consecutiveErrors() == 0
        && policy.gatewayErrors().isEmpty()
        && policy.localErrors().isEmpty()
        && policy.failurePercent().isEmpty()) {
      return Optional.empty();
    }
    OutlierDetection.Builder detection = timing(policy);
    consecutiveErrors(detection, policy);
    policy.localErrors().ifPresent(count -> localErrors(detection, count));
    policy.failurePercent().ifPresent(percent -> failurePercent(detection, percent));
    return Optional.of(detection.build());
  }

  private static OutlierDetection.Builder timing(OutlierPolicy policy) {
    return OutlierDetection.newBuilder()
        .setInterval(Protos.duration(policy.interval()))
        .setBaseEjectionTime(Protos.duration(policy.ejectFor()))
        .setMaxEjectionTime(Protos.duration(longer(policy.maxEjectFor(), policy.ejectFor())))
        .setMaxEjectionPercent(Protos.uint32(policy.maxEjectPercent()))
        // A host is ejected only while the share stays within max_ejection_percent, which of few
        // hosts would be none. With 0 none is meant.
        .setAlwaysEjectOneHost(BoolValue.of(policy.maxEjectPercent() > 0))
        .setEnforcingSuccessRate(Protos.uint32(NEVER));
  }

  private static void consecutiveErrors(OutlierDetection.Builder detection, OutlierPolicy policy) {
    if (policy.consecutiveErrors() == 0) {
      detection.setEnforcingConsecutive5Xx(Protos.uint32(NEVER));
    } else {
      detection
          .setConsecutive5Xx(Protos.uint32(policy.consecutiveErrors()))
          .setEnforcingConsecutive5Xx(Protos.uint32(ALWAYS));
    }
    policy
        .gatewayErrors()
        .ifPresent(
            count ->
                detection
                    .setConsecutiveGatewayFailure(Protos.uint32(count))
                    .setEnforcingConsecutiveGatewayFailure(Protos.uint32(ALWAYS)));
  }

  private static void localErrors(OutlierDetection.Builder detection, int count) {
    detection
        .setSplitExternalLocalOriginErrors(true)
        .setConsecutiveLocalOriginFailure(Protos.uint32(count))
        .setEnforcingConsecutiveLocalOriginFailure(Protos.uint32(ALWAYS))
        .setEnforcingLocalOriginSuccessRate(Protos.uint32(NEVER));
  }

  private static void failurePercent(
      OutlierDetection.Builder detection, FailurePercentPolicy percent) {
    detection
        .setEnforcingFailurePercentage(Protos.uint32(ALWAYS))
        .setFailurePercentageThreshold(Protos.uint32(percent.threshold()))
        .setFailurePercentageMinimumHosts(Protos.uint32(percent.minHosts()))
        .setFailurePercentageRequestVolume(Protos.uint32(percent.minRequests()));
  }

  /** Envoy refuses a longest ejection shorter than the base. */
  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }
}
