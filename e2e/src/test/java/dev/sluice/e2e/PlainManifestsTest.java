package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The manifests for {@code kubectl apply -k} are what the chart says; {@code -Dgolden.rewrite=true}
 * writes them anew. So are the copies of the custom resources.
 */
@NeedsHelm
class PlainManifestsTest {
  private static final Path DEPLOY = EnvoyProcess.repository().resolve("deploy");
  private static final String CONFIG_MAP = "kind: ConfigMap\n";

  @TempDir private Path folder;

  @Test
  void theBaseIsTheChartWithoutTheWebhook() throws IOException {
    holdEqual("base", new Helm(folder).template("--set", "webhook.enabled=false"));
  }

  @Test
  void theOtherOneHasTheWebhookWithACertificateOfCertManagers() throws IOException {
    holdEqual("webhook", new Helm(folder).template("--set", "webhook.tls.source=certManager"));
  }

  @Test
  void theChartsCustomResourcesAreCopies() throws IOException {
    Path copy = Helm.CHART.resolve("crds");
    Set<String> names = definitions(DEPLOY.resolve("crds"));

    for (String name : names) {
      hold(copy.resolve(name), Files.readString(DEPLOY.resolve("crds").resolve(name)));
    }

    assertThat(names).hasSize(4).isEqualTo(definitions(copy));
  }

  /**
   * Manifests for {@code kubectl}, and the configuration from which kustomize makes a ConfigMap.
   */
  private static void holdEqual(String name, String chart) throws IOException {
    List<String> manifests = new ArrayList<>();
    String config = "";
    for (String document : chart.split("(?m)^---\\n", -1)) {
      if (document.contains(CONFIG_MAP)) {
        config = document.substring(document.indexOf("sluice.yaml: |\n") + 15).indent(-4).strip();
      } else if (!document.isBlank()) {
        manifests.add(plain(document));
      }
    }
    Path target = DEPLOY.resolve("kustomize").resolve(name);
    hold(target.resolve("sluice.yaml"), config + "\n");
    hold(target.resolve("manifests.yaml"), String.join("---\n", manifests));
  }

  /** Without what only Helm needs: where it came from, and what changes with the configuration. */
  private static String plain(String document) {
    return document
            .lines()
            .filter(line -> !line.startsWith("# Source:"))
            .filter(line -> !line.contains("helm.sh/chart:"))
            .filter(line -> !line.contains("app.kubernetes.io/managed-by:"))
            .collect(Collectors.joining("\n"))
            .replaceFirst(
                "      annotations:\n        # The configuration is read .*\n        checksum/config: .*\n",
                "")
            .strip()
        + "\n";
  }

  private static void hold(Path file, String text) throws IOException {
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(file, text);
    }
    assertThat(file)
        .as("-Dgolden.rewrite=true writes what the chart says")
        .content()
        .isEqualTo(text);
  }

  private static Set<String> definitions(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("kustomization.yaml"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
