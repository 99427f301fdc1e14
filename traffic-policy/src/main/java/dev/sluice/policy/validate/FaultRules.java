package dev.sluice.policy.validate;

import dev.sluice.spec.Fault;
import org.jspecify.annotations.Nullable;

/** {@code fault}, of a service or of a route. */
final class FaultRules {
  private FaultRules() {}

  /**
   * Checks one section.
   *
   * @param base the section that it is merged over, if any
   */
  static void check(At at, Fault given, @Nullable Fault base) {
    if (!at.legible()) {
      return;
    }
    if (given.delay() == null && given.abort() == null) {
      at.error("is empty; write delay: {for: 2s, percent: 10} or abort: {httpStatus: 503}");
    }
    if (given.delay() != null) {
      delay(at.key("delay"), given.delay(), base == null ? null : base.delay());
    }
    if (given.abort() != null) {
      abort(at.key("abort"), given.abort(), base == null ? null : base.abort());
    }
  }

  private static void delay(At at, Fault.Delay given, Fault.@Nullable Delay base) {
    at.positive("for", given.time());
    if (given.time() == null && (base == null || base.time() == null)) {
      at.error("needs for, how long requests are held back; write such as {for: 2s, percent: 10}");
    }
  }

  private static void abort(At at, Fault.Abort given, Fault.@Nullable Abort base) {
    at.within("httpStatus", given.httpStatus(), 200, 599);
    at.within("grpcStatus", given.grpcStatus(), 1, 16);
    boolean some = given.httpStatus() != null || given.grpcStatus() != null;
    if (some && given.httpStatus() != null && given.grpcStatus() != null) {
      at.error("has httpStatus and grpcStatus; keep one of them");
    } else if (!some
        && (base == null || (base.httpStatus() == null && base.grpcStatus() == null))) {
      at.error("needs one of httpStatus, grpcStatus");
    }
  }
}
