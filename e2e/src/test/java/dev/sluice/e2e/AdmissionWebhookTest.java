package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.KubernetesCluster.CommandResult;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.WebhookSettings;
import dev.sluice.server.transport.TlsFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The author of a wrong document reads at {@code kubectl apply} what {@code validate} says. */
@NeedsKubernetes
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdmissionWebhookTest {
  private static final Path PROBLEMS =
      CustomResourceFiles.path("traffic-policy/src/test/resources/problems");

  /** One that only the webhook refuses. */
  private static final String MISSPELT =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec: {target: {service: orders}, timeouts: {request: 15 seconds}}
      """;

  @TempDir private static Path folder;
  private static KubernetesCluster cluster;
  private static ControlPlane server;

  @BeforeAll
  static void aClusterThatAsksTheServer() throws IOException {
    cluster = KubernetesCluster.start(Files.createDirectory(folder.resolve("cluster")));
    CustomResourceFiles.install(cluster);
    CertificateAuthority authority = CertificateAuthority.create(folder, "ca");
    CertificateAuthority.Issued issued = authority.issue("webhook", "ip:127.0.0.1");
    HostPort any = new HostPort("127.0.0.1", 0);
    server =
        SluiceServer.start(
            ServerSettings.of(List.of(Files.createDirectory(folder.resolve("none"))), any, any)
                .withWebhook(
                    new WebhookSettings(any, new TlsFiles(issued.cert(), issued.key(), null))));
    cluster.apply(configuration(authority));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> dryRun(MISSPELT).output().contains("denied the request"));
  }

  /** As in deploy/, but with an address in place of a Service. */
  private static String configuration(CertificateAuthority authority) {
    String text =
        CustomResourceFiles.text(
            CustomResourceFiles.path("deploy/webhook/validating-webhook.yaml"));
    String root =
        Base64.getEncoder()
            .encodeToString(
                CustomResourceFiles.text(authority.root()).getBytes(StandardCharsets.UTF_8));
    int port = server.webhookAddress().orElseThrow().getPort();
    return text.substring(0, text.indexOf("      # caBundle"))
        + "      caBundle: %s\n      url: https://127.0.0.1:%d/validate\n".formatted(root, port);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static CommandResult dryRun(String text) {
    return cluster.tryKubectlWith(text, "apply", "--dry-run=server", "-f", "-");
  }

  static Stream<String> wrong() throws IOException {
    try (Stream<Path> files = Files.list(PROBLEMS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .map(name -> name.replace(".yaml", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  @Order(1)
  void aWrongDocumentIsRefusedInTheValidatorsWords(String name) {
    String file = PROBLEMS.resolve(name + ".yaml").toString();
    CommandResult answer = cluster.tryKubectl("apply", "--dry-run=server", "-f", file);
    List<ToldProblem> told = ToldProblem.of(PROBLEMS.resolve(name + ".txt"));
    List<ToldProblem> missing =
        told.stream().filter(problem -> !problem.isIn(answer.output())).toList();

    if (WrongDocuments.READ_OTHERWISE.contains(name)) {
      assertThat(answer.succeeded()).as(answer.output()).isTrue();
      return;
    }
    boolean isOnlyWarning = name.equals("versions-with-the-same-labels");
    assertThat(answer.succeeded()).as(answer.output()).isEqualTo(isOnlyWarning);
    if (WrongDocuments.NO_DOCUMENTS.contains(name) || name.startsWith("yaml-")) {
      assertThat(answer.output()).doesNotContain("denied the request");
    } else if (WrongDocuments.OF_WRONG_FORM.contains(name)) {
      assertThat(missing).as("it need not be in the list").isNotEmpty();
      assertThat(told)
          .as(answer.output())
          .anySatisfy(problem -> assertThat(answer.output()).contains(problem.pathOfApiServer()));
    } else if (WrongDocuments.BY_RULES_IN_PART.contains(name)) {
      assertThat(missing).as("it need not be in the list").isNotEmpty();
      assertThat(missing).as(answer.output()).hasSizeLessThan(told.size());
    } else {
      assertThat(missing).as(answer.output()).isEmpty();
    }
  }

  @Test
  @Order(2)
  void aRightDocumentIsTakenAndAWrongOneMayBeRemoved() {
    String right = MISSPELT.replace("15 seconds", "15s");
    cluster.apply(right);

    assertThat(cluster.tryKubectlWith(MISSPELT, "apply", "-f", "-").output())
        .contains(
            "admission webhook \"validate.sluice.dev\" denied the request:"
                + " $.spec.timeouts.request: \"15 seconds\" is not a duration");
    assertThat(cluster.tryKubectl("delete", "tp", "orders", "-n", "shop").succeeded()).isTrue();
  }

  @Test
  @Order(3)
  void withoutTheWebhookDocumentsAreTakenWithAllThatRulesLetThrough() {
    server.close();

    assertThat(dryRun(MISSPELT).succeeded()).isTrue();
    CommandResult unknown =
        dryRun(
            MISSPELT.replace(
                "timeouts: {request: 15 seconds}",
                "versions: [{name: v1, labels: {v: a}}], split: {weights: {v3: 1}}"));
    assertThat(unknown.output()).contains("unknown version \"v3\" (declared: v1)");
  }
}
