package dev.sluice.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.spec.StaticService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  private static final Path EXAMPLES = Path.of("..", "examples", "quickstart");

  @TempDir private Path temporary;

  @Test
  void theExamplesAreOneServiceInTwoVersionsBehindAGateway() throws Exception {
    Quickstart quickstart = examples();

    assertThat(quickstart.service().spec().endpoints())
        .extracting(Quickstart::versionOf)
        .containsExactly("v1", "v1", "v1", "v2", "v2");
    assertThat(PolicyWeights.of(quickstart.policy())).containsOnlyKeys("v1", "v2");
    assertThat(quickstart.host()).isEqualTo("orders.example.com");
    assertThat(quickstart.policyFile()).isEqualTo("policy.yaml");
    assertThat(quickstart.serviceFile()).isEqualTo("orders.yaml");
  }

  @Test
  void portsAreReplacedWhereTheyAreGivenAndNothingElse() throws Exception {
    Quickstart before = examples();

    Quickstart after = before.withPorts(Map.of(9101, 41001, 10080, 41002));

    assertThat(after.gatewayPort()).isEqualTo(41002);
    assertThat(after.service().spec().endpoints())
        .extracting(StaticService.Instance::port)
        .containsExactly(41001, 9102, 9103, 9201, 9202);
    assertThat(after.service().spec().ports()).isEqualTo(before.service().spec().ports());
    assertThat(text(after, "policy.yaml")).isEqualTo(text(before, "policy.yaml"));
    assertThat(text(after, "orders.yaml"))
        .isEqualTo(text(before, "orders.yaml").replace("9101", "41001"));
  }

  @Test
  void portsThatSwapDoNotMeet() throws Exception {
    Quickstart after = examples().withPorts(Map.of(9101, 9102, 9102, 9101));

    assertThat(after.service().spec().endpoints())
        .extracting(StaticService.Instance::port)
        .containsExactly(9102, 9101, 9103, 9201, 9202);
  }

  @Test
  void weightsAreEditedInPlace() throws Exception {
    Quickstart quickstart = examples();
    String policy = text(quickstart, "policy.yaml");

    String edited = Edits.weights(policy, weights(50, 50));

    assertThat(edited).isEqualTo(policy.replace("v1: 90, v2: 10", "v1: 50, v2: 50"));
    assertThat(PolicyWeights.in(edited)).contains(weights(50, 50));
  }

  @Test
  void aPolicyWithAnErrorGivesNoWeights() throws Exception {
    String policy = text(examples(), "policy.yaml");

    assertThat(PolicyWeights.in(policy.replace("v2: 10", "v3: 10"))).isEmpty();
    assertThat(PolicyWeights.in("kind: [")).isEmpty();
  }

  @Test
  void anInstanceLeavesWithItsLineAlone() throws Exception {
    SortedMap<String, String> texts = new TreeMap<>(examples().texts());
    String service = texts.getOrDefault("orders.yaml", "");

    texts.put("orders.yaml", Edits.without(service, 9202));

    assertThat(Quickstart.read(texts).service().spec().endpoints())
        .extracting(StaticService.Instance::port)
        .containsExactly(9101, 9102, 9103, 9201);
    assertThat(texts.getOrDefault("orders.yaml", "").lines())
        .hasSize((int) service.lines().count() - 1);
    assertThatThrownBy(() -> Edits.without(service, 920)).hasMessageContaining("no instance");
  }

  @Test
  void aSaveReplacesTheFileAndLeavesNoDraft() throws IOException {
    Path file = Files.writeString(temporary.resolve("policy.yaml"), "old");

    Edits.save(file, "new");

    assertThat(file).hasContent("new");
    assertThat(temporary).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:.*");
  }

  @Test
  void documentsWithAProblemAreRefusedWithItsPlace() throws Exception {
    SortedMap<String, String> texts = new TreeMap<>(examples().texts());
    texts.put("policy.yaml", texts.getOrDefault("policy.yaml", "").replace("split:", "splits:"));

    assertThatThrownBy(() -> Quickstart.read(texts))
        .isInstanceOf(DemoException.class)
        .hasMessageStartingWith("policy.yaml:")
        .hasMessageContaining("splits");
  }

  @Test
  void aDirectoryThatHoldsSomethingIsLeftAlone() throws IOException {
    Files.writeString(temporary.resolve("mine.yaml"), "mine");

    assertThatThrownBy(() -> Folders.write(temporary, new TreeMap<>(Map.of("a.yaml", ""))))
        .isInstanceOf(DemoException.class)
        .hasMessageContaining("is not empty");
    assertThat(temporary.resolve("mine.yaml")).hasContent("mine");
  }

  private static Quickstart examples() throws IOException, DemoException {
    return Quickstart.read(Folders.read(EXAMPLES));
  }

  private static String text(Quickstart quickstart, String file) {
    return quickstart.texts().getOrDefault(file, "");
  }

  private static SortedMap<String, Integer> weights(int v1, int v2) {
    return new TreeMap<>(Map.of("v1", v1, "v2", v2));
  }
}
