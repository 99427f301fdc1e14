package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords;
import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.policy.validate.Validator;
import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Problem;
import dev.sluice.spec.Resilience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code sluice.yaml}. */
public final class SettingsFile {
  private static final String FILES = "$.sources.files";
  private static final String SECRETS = "$.sources.secrets";
  private static final String DEFAULTS = "$.mesh.defaults";
  private static final String LOAD_INTERVAL = "$.load.interval";
  private static final Duration SHORTEST_LOAD_INTERVAL = Duration.ofSeconds(1);

  private SettingsFile() {}

  /**
   * What the file says.
   *
   * @param given its settings; not to be used if {@code problems} has an error
   * @param problems all that is wrong, sorted
   */
  public record Reading(GivenSettings given, List<Problem> problems) {
    public Reading {
      problems = problems.stream().sorted().toList();
    }
  }

  /**
   * Reads a configuration.
   *
   * @param file where the text was read; directories in it are relative to its own
   * @param text YAML 1.2
   * @param environment what <code>${NAME}</code> stands for
   */
  public static Reading read(Path file, String text, Map<String, String> environment) {
    Bound<SluiceYaml> bound =
        YamlRecords.read(SluiceYaml.class, file.toString(), text, environment);
    List<Problem> problems = new ArrayList<>(bound.problems());
    SluiceYaml yaml =
        bound
            .value()
            .orElse(new SluiceYaml(null, null, null, null, null, null, null, null, null, null));
    GivenSettings given = given(yaml, file);
    problems.addAll(Validator.validate(given.defaults(), DEFAULTS, bound.origin(), bound.lost()));
    problems.addAll(wrongDirectories(FILES, given.sources().files(), bound));
    problems.addAll(wrongDirectories(SECRETS, given.sources().secrets(), bound));
    Optional.ofNullable(given.loadReportInterval())
        .filter(interval -> interval.compareTo(SHORTEST_LOAD_INTERVAL) < 0)
        .ifPresent(
            tooShort ->
                problems.add(
                    at(LOAD_INTERVAL, "reports come at most once a second; write 1s", bound)));
    problems.addAll(KubernetesSection.problems(given.sources().kubernetes(), bound));
    problems.addAll(ConsulSection.problems(yaml.sources(), given.sources().consul(), bound));
    problems.addAll(XdsSection.problems(yaml.xds(), given.tls(), bound));
    problems.addAll(TelemetrySection.problems(yaml.telemetry(), bound));
    problems.addAll(WebhookSection.problems(given.webhook(), bound));
    problems.addAll(RolloutSection.problems(yaml.rollout(), bound));
    problems.addAll(AdminSection.problems(yaml.admin(), given.access(), bound));
    return new Reading(given, problems);
  }

  /** Why a directory cannot be watched, if so. */
  public static Optional<String> wrongDirectory(Path directory) {
    return Files.isDirectory(directory)
        ? Optional.empty()
        : Optional.of(directory + " is no directory; create it first");
  }

  private static List<Problem> wrongDirectories(
      String key, List<Path> directories, Bound<?> bound) {
    List<Problem> problems = new ArrayList<>();
    boolean counted = bound.lost().stream().noneMatch(lost -> lost.startsWith(key));
    for (int i = 0; counted && i < directories.size(); i++) {
      String path = JsonPath.index(key, i);
      wrongDirectory(directories.get(i)).ifPresent(wrong -> problems.add(at(path, wrong, bound)));
    }
    return problems;
  }

  private static Problem at(String path, String message, Bound<?> bound) {
    return Problem.error(bound.origin().at(path), path, message);
  }

  private static GivenSettings given(SluiceYaml yaml, Path file) {
    SluiceYaml.Log log = yaml.log() == null ? new SluiceYaml.Log(null, null) : yaml.log();
    return new GivenSettings(
        sources(yaml.sources(), file),
        yaml.xds() == null ? null : yaml.xds().address(),
        XdsSection.tls(yaml.xds(), file),
        XdsSection.transport(yaml.xds()),
        yaml.xds() == null ? null : yaml.xds().deadlines(),
        yaml.admin() == null ? null : yaml.admin().address(),
        yaml.telemetry() == null ? null : yaml.telemetry().address(),
        WebhookSection.webhook(yaml.webhook(), file),
        defaults(yaml.mesh()),
        RolloutSection.rollout(yaml.rollout()),
        yaml.load() == null ? null : yaml.load().interval(),
        yaml.state() == null ? null : file.resolveSibling(yaml.state()),
        log.level(),
        log.json(),
        AdminSection.writes(yaml.admin()),
        AdminSection.access(yaml.admin(), file),
        TelemetrySection.traces(yaml.telemetry()));
  }

  private static SourceSettings sources(SluiceYaml.@Nullable Sources sources, Path file) {
    return sources == null
        ? SourceSettings.NONE
        : new SourceSettings(
            sources.files().stream().map(file::resolveSibling).toList(),
            sources.secrets().stream().map(file::resolveSibling).toList(),
            KubernetesSection.clusters(sources.kubernetes(), file),
            ConsulSection.datacenters(sources.consul(), file));
  }

  private static Resilience defaults(SluiceYaml.@Nullable Mesh mesh) {
    return mesh == null || mesh.defaults() == null ? Resilience.NONE : mesh.defaults();
  }
}
