package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The alert rules under {@code deploy/}, by promtool. */
@NeedsPrometheus
class AlertRulesTest {
  private static final Path FOLDER =
      EnvoyProcess.repository().resolve("deploy").resolve("prometheus");
  private static final Pattern METRIC = Pattern.compile("sluice_[a-z_]+");
  private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum)$");

  @Test
  void prometheusTakesThem() throws Exception {
    assertThat(PrometheusBinaries.promtool(FOLDER, "check", "rules", "rules.yaml"))
        .contains("SUCCESS: " + alerts().size() + " rules found");
  }

  @Test
  void eachIsRaisedByWhatItIsForAndNoneByAServerThatIsWell() throws Exception {
    assertThat(PrometheusBinaries.promtool(FOLDER, "test", "rules", "rules-test.yaml"))
        .contains("SUCCESS");
    String tests = Files.readString(FOLDER.resolve("rules-test.yaml"));
    for (Map<String, Object> alert : alerts()) {
      assertThat(tests)
          .as("raised, and not raised")
          .contains("alertname: " + alert.get("alert") + "\n        exp_alerts:\n          - ")
          .contains("{eval_time: 60m, alertname: " + alert.get("alert") + "}");
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void eachSaysWhatToDo() throws Exception {
    for (Map<String, Object> alert : alerts()) {
      assertThat((Map<String, String>) Objects.requireNonNull(alert.get("annotations")))
          .as("%s", alert)
          .containsOnlyKeys("summary", "description", "runbook");
    }
  }

  @Test
  void theyAskForMetricsThatThereAre() throws Exception {
    String page = Files.readString(EnvoyProcess.repository().resolve("docs").resolve("metrics.md"));
    for (Map<String, Object> alert : alerts()) {
      assertThat(
              METRIC.matcher(String.valueOf(alert.get("expr"))).results().map(MatchResult::group))
          .allSatisfy(
              metric ->
                  assertThat(page).contains("`" + SUFFIX.matcher(metric).replaceFirst("") + "`"));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> alerts() throws Exception {
    Map<String, Object> file =
        (Map<String, Object>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(FOLDER.resolve("rules.yaml")));
    List<Map<String, Object>> groups =
        (List<Map<String, Object>>) Objects.requireNonNull(file.get("groups"));
    return (List<Map<String, Object>>) Objects.requireNonNull(groups.getFirst().get("rules"));
  }
}
