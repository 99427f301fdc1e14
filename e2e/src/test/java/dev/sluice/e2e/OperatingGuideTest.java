package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.status.ProxyStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/operating.md print what the page says. */
@NeedsEnvoy
class OperatingGuideTest {
  private static final Path PAGE = EnvoyProcess.repository().resolve("docs/operating.md");
  private static final Pattern BLOCK =
      Pattern.compile("```console\n\\$ sluice (.*)\n((?:.*\n)*?)```\n");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
  private static final int QUESTIONS = 20;

  private static final String SERVICES =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80, protocol: http}]
        endpoints:
          - {address: 10.0.0.1, port: 8080, labels: {version: v1}}
          - {address: 10.0.0.2, port: 8080, labels: {version: v1}}
          - {address: 10.0.0.3, port: 8080, labels: {version: v2}}
      ---
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: stock, namespace: shop}
      spec:
        ports: [{name: http, port: 80, protocol: http}]
      """;
  private static final String SECTIONS =
      """
      timeouts: {request: 4s}
      routes:
        - name: testers
          match: [{headers: [{name: x-canary, exact: "true"}]}]
          to: {version: v2}
      """;
  private static final String MISTAKEN =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: stock, namespace: shop}
      spec:
        target: {service: stock}
        timeouts: {request: soon}
      """;

  @TempDir private Path folder;

  @Test
  void everyCommandPrintsWhatThePageSays() throws IOException {
    String page = Files.readString(PAGE);
    Path policies = Files.createDirectory(folder.resolve("policies"));
    Path secrets = Files.createDirectories(folder.resolve("secrets"));
    expiringCertificate(secrets);
    Path candidate = folder.resolve("candidate.yaml");
    Files.writeString(candidate, Documents.policy(Documents.split(50, 50) + SECTIONS));
    try (TestMesh mesh = new TestMesh("guide", policies)) {
      mesh.save("services.yaml", SERVICES);
      mesh.save("stock.yaml", MISTAKEN);
      mesh.savePolicy(Documents.split(90, 10) + SECTIONS);
      mesh.readSecrets(secrets);
      mesh.start(Role.GATEWAY);
      mesh.start(Role.SIDECAR);
      RawProxy stopped = mesh.rawProxy("guide-stopped", Variant.DELTA, mesh.xdsPort());
      await().until(() -> synced(mesh, 3));
      stopped.close();
      await().until(() -> synced(mesh, 2));

      UnaryOperator<String> shown =
          text ->
              text.replace(candidate.toString(), "my-candidate.yaml")
                  .replace(policies.resolve("documents").toString(), "my-policies")
                  .replace(secrets.toString(), "my-secrets")
                  .replace(String.valueOf(mesh.port(Role.GATEWAY)), "10080")
                  .replace(String.valueOf(mesh.port(Role.SIDECAR)), "15001")
                  .replaceAll("\\b" + System.getProperty("user.name") + "\\b", "ops");
      SluiceCommandLine sluice = new SluiceCommandLine(mesh.server().adminAddress().getPort());
      List<String> wrong = new ArrayList<>();
      String run =
          BLOCK
              .matcher(page)
              .replaceAll(
                  block -> {
                    String printed = shown.apply(answer(sluice, block.group(1), candidate));
                    if (!alike(printed).equals(alike(block.group(2)))) {
                      wrong.add("$ sluice " + block.group(1) + "\n" + printed);
                    }
                    return Matcher.quoteReplacement(block(block, printed));
                  });
      if (Boolean.getBoolean("golden.rewrite")) {
        Files.writeString(PAGE, run);
        return;
      }
      assertThat(wrong).as("what differs from %s", PAGE).isEmpty();
      assertThat(BLOCK.matcher(page).results()).hasSize(QUESTIONS);
    }
  }

  private static String block(MatchResult block, String printed) {
    return "```console\n$ sluice " + block.group(1) + "\n" + printed + "```\n";
  }

  private static boolean synced(TestMesh mesh, int proxies) {
    List<ProxyStatus> connected = mesh.server().views().proxies().get();
    return connected.size() == proxies && connected.stream().allMatch(ProxyStatus::synced);
  }

  /** A day's certificate, of which most is over. */
  private void expiringCertificate(Path secrets) throws IOException {
    Path own = Files.createDirectories(secrets.resolve("shop/public"));
    CertificateAuthority authority =
        CertificateAuthority.create(Files.createDirectory(folder.resolve("ca")), "ca");
    CertificateAuthority.Issued issued =
        authority.issueSince("-20H", "public", "dns:orders.example.com");
    Files.copy(issued.cert(), own.resolve("tls.crt"));
    Files.copy(issued.key(), own.resolve("tls.key"));
  }

  /** What a command prints, and its exit code where that is not 0. */
  private static String answer(SluiceCommandLine sluice, String line, Path candidate) {
    String[] words =
        WORD.matcher(line)
            .results()
            .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
            .map(word -> word.replace("my-candidate.yaml", candidate.toString()))
            .toArray(String[]::new);
    KubernetesCluster.CommandResult result =
        words[0].equals("validate") ? SluiceCommandLine.offline(words) : sluice.run(words);
    return result.output() + (result.succeeded() ? "" : "# exit code " + result.exitCode() + "\n");
  }

  /** A text without what is another at each run. */
  private static String alike(String text) {
    return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME")
        .replaceAll("\\b[0-9a-f]{16,32}\\b", "VERSION")
        .replaceAll("(\\d+[dhms])+ ago", "AGE ago")
        .replaceAll("(?<=SYNCED {1,40})(\\d+[dhms])+", "AGE")
        .replaceAll("revision \\d+", "revision N")
        .replaceAll("(?m)^\\d+(?=  )", "N")
        .replaceAll("[ -]{2,}", "  ");
  }
}
