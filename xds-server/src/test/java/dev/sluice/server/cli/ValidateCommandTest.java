package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        retry: {atempts: 3}
        timeouts: {request: 5 parsecs}
      """;

  @TempDir Path folder;

  @Test
  void theQuickstartIsValid() {
    Sluice.Answer answer = Sluice.run("validate", Sluice.example("quickstart"));

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .isEqualToIgnoringNewLines("3 valid documents in 3 files: 0 errors, 0 warnings");
  }

  @Test
  void everyProblemIsToldWithItsPlace() throws IOException {
    Path file = write("policy.yaml", POLICY);

    Sluice.Answer answer = Sluice.run("validate", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out().lines())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith(file + ":6:11 $.spec.retry.atempts: ")
                    .contains("did you mean \"attempts\"?"),
            second -> assertThat(second).startsWith(file + ":7:23 $.spec.timeouts.request: "));
    assertThat(answer.err()).contains("0 valid documents in 1 file: 2 errors");
  }

  @Test
  void onATerminalAProblemsPlaceIsBoldAndItsMarkHasTheColourOfItsSeverity() throws IOException {
    Path file = write("policy.yaml", POLICY.replace("timeouts: {request: 5 parsecs}", ""));
    write("a-gateway.yaml", Mesh.GATEWAY);
    Path gateway = write("b-gateway.yaml", Mesh.GATEWAY.replace("public", "taken"));

    Sluice.Answer coloured = Sluice.runInColour("validate", folder.toString());
    Sluice.Answer plain = Sluice.run("validate", folder.toString());

    assertThat(coloured.out().lines())
        .satisfiesExactly(
            warning ->
                assertThat(warning)
                    .startsWith("\033[1m" + gateway + ":")
                    .contains("\033[0m \033[33m$.spec.listeners[0].port: warning:\033[0m "),
            error ->
                assertThat(error)
                    .startsWith(
                        "\033[1m" + file + ":6:11\033[0m \033[31m$.spec.retry.atempts:\033[0m "));
    assertThat(plain.out()).isEqualTo(coloured.out().replaceAll("\033\\[\\d+m", ""));
    assertThat(plain.out()).doesNotContain("\033");
  }

  @Test
  void annotationsHaveNoColours() throws IOException {
    write("policy.yaml", POLICY);

    assertThat(Sluice.runInColour("validate", "-o", "github", folder.toString()).out())
        .startsWith("::error ")
        .doesNotContain("\033");
  }

  @Test
  void problemsAreAnnotationsWhereAWorkflowWantsThem() throws IOException {
    Path file = write("policy.yaml", POLICY);

    Sluice.Answer answer = Sluice.run("validate", "-o", "github", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out().lines())
        .allMatch(line -> line.startsWith("::error file=" + file + ",line="))
        .first()
        .asString()
        .contains(",line=6,col=11::$.spec.retry.atempts: unknown key");
  }

  @Test
  void anAnnotationEscapesWhatWouldEndIt() throws IOException {
    write("50%,a.yaml", "kind: [");

    Sluice.Answer answer = Sluice.run("validate", "-o", "github", folder.toString());

    assertThat(answer.out()).contains("50%25%2Ca.yaml,line=1,");
  }

  @Test
  void aHostThatTwoFilesClaimIsAConflictInTheSecond() throws IOException {
    write("a-service.yaml", Mesh.service("orders") + "---\n" + Mesh.service("stock"));
    write("b-gateway.yaml", Mesh.GATEWAY);
    Path first = write("c-orders.yaml", Mesh.exposed("orders", "shop.example.com"));
    Path second = write("d-stock.yaml", Mesh.exposed("stock", "shop.example.com"));

    Sluice.Answer answer = Sluice.run("validate", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out().lines().toList()).hasSize(1);
    assertThat(answer.out())
        .startsWith(second + ":")
        .contains("shop.example.com")
        .contains("shop/orders");
    assertThat(first).exists();
  }

  @Test
  void aNameThatTwoFilesGiveIsToldInTheSecond() throws IOException {
    Path first = write("a.yaml", Mesh.service("orders"));
    Path second = write("b.yaml", Mesh.service("orders"));

    Sluice.Answer answer = Sluice.run("validate", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out()).startsWith(second + ":").contains("is already at " + first + ":1:1");
  }

  @Test
  void aFileThatCannotBeReadIsAProblemBesideThoseOfTheOthers() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("nothing.yaml"));
    Path policy = write("policy.JSON", POLICY);

    Sluice.Answer answer = Sluice.run("validate", folder.toString());

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.out())
        .startsWith(link + " $: the file is a link to a file that does not exist")
        .contains(policy + ":6:11 ");
    assertThat(answer.err()).contains("in 2 files: 3 errors");
  }

  @Test
  void whereThereIsNoDocumentNothingWasCheckedAndThatIsTold() throws IOException {
    Sluice.Answer empty = Sluice.run("validate", folder.toString());
    write("policy.yaml.txt", POLICY);
    Path comments = write("comments.yaml", "# nothing yet\n");
    Sluice.Answer blank = Sluice.run("validate", folder.toString());

    assertThat(empty.exitCode()).isEqualTo(1);
    assertThat(empty.err()).contains("there is no document in what was given (" + folder + ")");
    assertThat(blank.exitCode()).isEqualTo(1);
    assertThat(blank.err()).contains("there is no document", "in 1 file");
    assertThat(Sluice.run("validate", comments.toString()).exitCode()).isEqualTo(1);
  }

  @Test
  void aPathThatIsNotThereIsWrongUsage() {
    Sluice.Answer answer = Sluice.run("validate", folder.resolve("nothing").toString());

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("nothing is not there");
  }

  @Test
  void withoutAPathItIsWrongUsage() {
    assertThat(Sluice.run("validate").exitCode()).isEqualTo(2);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
