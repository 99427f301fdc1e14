package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code telemetry.traces}. */
final class TelemetrySection {
  private TelemetrySection() {}

  /** Where traces are sent; null where the section does not say, or not rightly. */
  static @Nullable URI traces(SluiceYaml.@Nullable Telemetry telemetry) {
    return endpoint(telemetry).flatMap(TelemetrySection::uri).orElse(null);
  }

  private static Optional<String> endpoint(SluiceYaml.@Nullable Telemetry telemetry) {
    return Optional.ofNullable(telemetry)
        .map(SluiceYaml.Telemetry::traces)
        .map(SluiceYaml.Traces::endpoint);
  }

  private static Optional<URI> uri(String text) {
    try {
      URI uri = new URI(text);
      boolean usable =
          uri.getHost() != null
              && uri.getUserInfo() == null
              && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
      return usable ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** What is wrong with values that could be read. */
  static List<Problem> problems(SluiceYaml.@Nullable Telemetry telemetry, Bound<?> bound) {
    SectionFindings findings = new SectionFindings("telemetry", bound);
    endpoint(telemetry)
        .filter(text -> uri(text).isEmpty())
        .ifPresent(
            text ->
                findings.add(
                    "traces.endpoint",
                    "is no http URL of an OpenTelemetry collector; write such as"
                        + " http://127.0.0.1:4318"));
    return findings.problems();
  }
}
