package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GetSourcesCommandTest {
  private static final SourceName DC1 = new SourceName("kubernetes", "dc1");
  private static final SourceName FILES = new SourceName("file", "files");

  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();
  private final FakeViews views = admin.views;

  @Test
  void aSourceThatHasLostItsPeerIsStaleSinceWhenAndWhy() {
    Problem problem = Problem.warning(new Location("a.yaml", 3, 5), "$.spec.retry", "is odd");
    views.sources =
        List.of(
            status(FILES, State.SYNCED, Duration.ofHours(50), null, problem),
            status(DC1, State.STALE, Duration.ofSeconds(130), "it cannot be reached"));

    Sluice.Answer answer = Sluice.run("get", "sources", "--server", admin.url());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out().lines().map(line -> line.replaceAll("2m1\\ds", "2m10s")))
        .containsExactly(
            "SOURCE          STATE   FOR    PROBLEMS",
            "file/files      SYNCED  2d2h   1",
            "kubernetes/dc1  STALE   2m10s  -",
            "",
            "file/files:",
            "  a.yaml:3:5 $.spec.retry: warning: is odd",
            "",
            "kubernetes/dc1: it cannot be reached");
  }

  @Test
  void whereAllAreSyncedTheAnswerIsYes() {
    views.sources = List.of(status(DC1, State.SYNCED, Duration.ofMinutes(125), null));

    assertThat(Sluice.run("get", "sources", "--server", admin.url()).exitCode()).isEqualTo(0);
    assertThat(Sluice.run("get", "sources", "--server", admin.url()).out())
        .contains("SYNCED  2h5m");
    assertThat(Sluice.run("get", "sources", "-o", "json", "--server", admin.url()).out())
        .contains("\"source\" : \"kubernetes/dc1\"");

    views.sources = List.of();
    assertThat(Sluice.run("get", "sources", "--server", admin.url()).out())
        .isEqualTo("The server has no sources.\n");
  }

  private static SourceStatus status(
      SourceName source, State state, Duration age, @Nullable String message, Problem... problems) {
    return new SourceStatus(source, state, Instant.now().minus(age), message, List.of(problems));
  }
}
