package dev.sluice.e2e;

import dev.sluice.server.cli.EnvoyBinary;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, or with {@code peers=required} fails, what needs a peer where there is none. */
class PeersCondition implements ExecutionCondition, BeforeAllCallback {
  private final Optional<Path> peer;
  private final String missing;
  private final boolean required;

  PeersCondition() {
    this(
        EnvoyBinary.find(EnvoyProcess.repository()),
        "no Envoy found; install one with: " + EnvoyBinary.INSTALL_COMMAND,
        required());
  }

  PeersCondition(Optional<Path> peer, String missing, boolean required) {
    this.peer = peer;
    this.missing = missing;
    this.required = required;
  }

  /** Whether a missing peer is a failure. */
  static boolean required() {
    return System.getProperty("peers", "optional").equals("required");
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return evaluate();
  }

  ConditionEvaluationResult evaluate() {
    return peer.isPresent() || required
        ? ConditionEvaluationResult.enabled("the peer: " + peer)
        : ConditionEvaluationResult.disabled(missing);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    demand();
  }

  /** Fails where the peer is required and there is none. */
  void demand() {
    if (peer.isEmpty()) {
      throw new AssertionError(missing);
    }
  }
}
