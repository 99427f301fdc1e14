package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of proxies on Kubernetes start with what the commands print. */
class DeploymentExamplesTest {
  private static final Path EXAMPLES = Sluice.ROOT.resolve("deploy/examples");
  private static final Pattern BOOTSTRAP =
      Pattern.compile(
          "  # Printed by: sluice (bootstrap .*)\n  envoy.yaml: \\|\n((?:    .*\n|\n)+)");

  @ParameterizedTest
  @ValueSource(
      strings = {"edge-gateway/1-proxies.yaml", "sidecar/web.yaml", "node-proxy/proxy.yaml"})
  void aBootstrapIsWhatTheCommandBesideItPrints(String file) throws IOException {
    Matcher found = BOOTSTRAP.matcher(Files.readString(EXAMPLES.resolve(file)));
    assertThat(found.find()).isTrue();

    Sluice.Answer answer = Sluice.run(found.group(1).split(" ", -1));

    assertThat(answer.exitCode()).isZero();
    assertThat(found.group(2).lines().map(line -> line.replaceFirst("^    ", "")).toList())
        .isEqualTo(answer.out().lines().toList());
  }

  @Test
  void theDocumentsAreValid() {
    Path edge = EXAMPLES.resolve("edge-gateway");

    Sluice.Answer answer =
        Sluice.run(
            "validate",
            edge.resolve("2-gateway.yaml").toString(),
            edge.resolve("3-orders.yaml").toString());

    assertThat(answer.err() + answer.out()).contains("0 errors, 0 warnings");
    assertThat(answer.exitCode()).isZero();
  }
}
