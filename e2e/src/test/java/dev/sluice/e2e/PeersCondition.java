package dev.sluice.e2e;

import dev.sluice.server.cli.EnvoyBinary;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, or with {@code peers=required} fails, what needs an Envoy where there is none. */
final class PeersCondition implements ExecutionCondition, BeforeAllCallback {
  private static final String MISSING =
      "no Envoy found; install one with: " + EnvoyBinary.INSTALL_COMMAND;

  private final Optional<Path> envoy;
  private final boolean required;

  PeersCondition() {
    this(
        EnvoyBinary.find(EnvoyProcess.repository()),
        System.getProperty("peers", "optional").equals("required"));
  }

  PeersCondition(Optional<Path> envoy, boolean required) {
    this.envoy = envoy;
    this.required = required;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return evaluate();
  }

  ConditionEvaluationResult evaluate() {
    return envoy.isPresent() || required
        ? ConditionEvaluationResult.enabled("Envoy: " + envoy)
        : ConditionEvaluationResult.disabled(MISSING);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    demand();
  }

  /** Fails where an Envoy is required and there is none. */
  void demand() {
    if (envoy.isEmpty()) {
      throw new AssertionError(MISSING);
    }
  }
}
