package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.KubernetesCluster.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart as Helm sees it, with no cluster. */
@NeedsHelm
class ChartTest {
  @TempDir private Path folder;
  private Helm helm;

  @BeforeEach
  void aHelm() {
    helm = new Helm(folder);
  }

  @Test
  void itIsCleanWithItsOwnValuesAndWithEverythingSwitchedOn() {
    String chart = Helm.CHART.toString();

    assertThat(helm.run("lint", "--strict", chart)).contains("0 chart(s) failed");
    assertThat(helm.run("lint", "--strict", chart, "--values", Helm.EVERYTHING.toString()))
        .contains("0 chart(s) failed");
  }

  @Test
  void itIsPackedWithItsCustomResources() throws IOException {
    helm.run("package", Helm.CHART.toString(), "--destination", folder.toString());

    String shown = helm.run("show", "crds", folder.resolve("sluice-0.1.0.tgz").toString());

    assertThat(shown).contains("kind: TrafficPolicy").contains("kind: StaticService");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replica=3                            | additional properties 'replica' not allowed
          kubernetes.namespaces[0]=Shop        | /kubernetes/namespaces/0
          webhook.tls.source=secret            | /webhook/tls/secretName
          xds.identity[0].uri=spiffe://a/{id}  | /xds/tls/secret
          webhook.failurePolicy=Never          | /webhook/failurePolicy
          log.level=loud                       | /log/level
          admin.tls.secret=cert                | the admin API needs tokens too
          admin.tokens[0].name=ops             | /admin/tokens/0
          kubernetes.enabled=false             | nothing is watched
          """)
  void wrongValuesAreRefused(String value, String where) {
    CommandResult result = helm.tryRun("template", "sluice", Helm.CHART.toString(), "--set", value);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.output()).contains(where);
  }

  @Test
  void whatHelmInstallsIsAsNewAsTheProduct() throws IOException {
    String pom = Files.readString(EnvoyProcess.repository().resolve("pom.xml"));
    String chart = Files.readString(Helm.CHART.resolve("Chart.yaml"));

    String version =
        pom.replaceAll("(?s).*?<artifactId>sluice</artifactId>\\s*<version>(.*?)<.*", "$1");

    assertThat(chart).contains("appVersion: " + version + "\n");
    assertThat(helm.template()).contains("image: \"sluice:" + version + "\"");
  }

  @Test
  void theAdminApiHasAPortOnlyWithACertificateAndTokens() {
    assertThat(helm.template())
        .contains("address: 127.0.0.1:18001")
        .doesNotContain("containerPort: 18001")
        .doesNotContain("name: admin");

    String open =
        helm.template(
            "--set",
            "admin.tls.secret=cert",
            "--set",
            "admin.tokens[0].name=ops",
            "--set",
            "admin.tokens[0].secret=sluice-ops",
            "--set",
            "admin.tokens[0].may=write");

    assertThat(open)
        .contains("address: 0.0.0.0:18001")
        .contains("cert: /etc/sluice/admin/tls.crt")
        .contains("tokenFile: /etc/sluice/tokens/ops/token")
        .contains("may: write")
        .contains("{name: admin, port: 18001, targetPort: admin, appProtocol: https}")
        .contains("- ports: [{port: admin}]")
        .contains("items: [{key: token, path: token}]");
  }

  @Test
  void podsGetATokenOnlyWhereKubernetesIsWatched() {
    assertThat(helm.template()).contains("automountServiceAccountToken: true");

    String without =
        helm.template(
            "--set", "kubernetes.enabled=false", "--set", "config.sources.files={/etc/documents}");

    assertThat(without)
        .doesNotContain("automountServiceAccountToken: true")
        .doesNotContain("kind: ClusterRole")
        .doesNotContain("kind: Role");
  }

  @Test
  void noSecretMayBeReadUnlessItIsNamed() {
    assertThat(helm.template()).doesNotContain("resources: [secrets]");

    String named =
        helm.template(
            "--set", "rbac.secrets[0].namespace=edge", "--set", "rbac.secrets[0].names={a,b}");

    assertThat(named)
        .contains(
            """
                resources: [secrets]
                resourceNames: ["a","b"]
                verbs: [list, watch]
            """);
  }

  @Test
  void withNamespacesNothingIsReadOfOthers() {
    String some =
        helm.template(
            "--set", "kubernetes.namespaces={shop,edge}", "--set", "kubernetes.nodes=false");

    assertThat(some).doesNotContain("kind: ClusterRole").contains("namespace: shop");
  }

  @Test
  void aPodIsGivenLongerToStopThanItsDrainTakes() {
    assertThat(helm.template("--set", "xds.drainSeconds=300", "--set", "preStopSeconds=7"))
        .contains("drain: 300s")
        .contains("preStop: {sleep: {seconds: 7}}")
        .contains("terminationGracePeriodSeconds: 322");
  }
}
