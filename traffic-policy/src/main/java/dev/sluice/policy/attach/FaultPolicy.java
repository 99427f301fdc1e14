package dev.sluice.policy.attach;

import dev.sluice.spec.Percent;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * {@link dev.sluice.spec.Fault}, every default filled in; one of the two at least.
 *
 * @param delay requests that are held back; empty for none
 * @param abort requests that the proxy answers with an error; empty for none
 */
public record FaultPolicy(Optional<DelayPolicy> delay, Optional<AbortPolicy> abort) {
  public FaultPolicy {
    Objects.requireNonNull(delay);
    Objects.requireNonNull(abort);
  }

  /**
   * {@link dev.sluice.spec.Fault.Delay}, resolved.
   *
   * @param time above zero
   * @param percent of the requests, above 0
   */
  public record DelayPolicy(Duration time, Percent percent) {
    public DelayPolicy {
      Objects.requireNonNull(time);
      Objects.requireNonNull(percent);
    }
  }

  /**
   * {@link dev.sluice.spec.Fault.Abort}, resolved.
   *
   * @param status of the answer
   * @param code what the status is of
   * @param percent of the requests, above 0
   */
  public record AbortPolicy(int status, Code code, Percent percent) {
    public AbortPolicy {
      Objects.requireNonNull(code);
      Objects.requireNonNull(percent);
    }

    /** What a status is of. */
    public enum Code {
      HTTP,
      GRPC
    }
  }
}
