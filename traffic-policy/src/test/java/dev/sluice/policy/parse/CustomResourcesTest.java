package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The custom resource definitions are what the records give, and keep to what the API server asks
 * of a structural schema. After a change of the records, rewrite them with
 *
 * <pre>mvn -pl traffic-policy -am test -Dtest=CustomResourcesTest -Dgolden.rewrite=true \
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class CustomResourcesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path FOLDER = ROOT.resolve("deploy/crds");

  /** {@code kubectl apply} keeps a copy of what it applies in an annotation, of 256 KiB at most. */
  private static final int LARGEST = 240_000;

  private static final String HEADER =
      """
      # Generated from the records of dev.sluice.spec; CustomResourcesTest says how to write it anew.
      """;

  private static SpecDocs docs() {
    try {
      return SpecDocs.read(ROOT.resolve("api/src/main/java/dev/sluice/spec"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String fileName(Kind kind) {
    return "sluice.dev_" + CustomResources.plural(kind) + ".yaml";
  }

  private static void isCommitted(String name, String text) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text);
    }
    assertThat(Files.readString(file))
        .as("%s; -Dgolden.rewrite=true writes it anew", file)
        .isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theCommittedDefinitionsAreWhatTheRecordsGive(Kind kind) throws IOException {
    String text = HEADER + KubernetesYaml.write(new CustomResources(docs()).definition(kind));
    assertThat(text.length()).isLessThan(LARGEST);
    isCommitted(fileName(kind), text);
  }

  @Test
  void oneKustomizationHasThemAll() throws IOException {
    String resources =
        Stream.of(Kind.values())
            .map(kind -> "  - " + fileName(kind) + "\n")
            .sorted()
            .collect(Collectors.joining());
    isCommitted(
        "kustomization.yaml",
        HEADER
            + "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
            + resources);
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files).hasSize(Kind.values().length + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyKeyOfASpecificationIsDescribedAndHasAType(Kind kind) {
    List<String> wrong = new ArrayList<>();
    look(new OpenApiSchema(docs()).record(SpecSchema.specOf(kind)), "spec", wrong);
    assertThat(wrong).isEmpty();
  }

  private static void look(Map<?, ?> schema, String path, List<String> wrong) {
    boolean typed =
        schema.containsKey("type")
            || schema.containsKey("x-kubernetes-int-or-string")
            || schema.containsKey("x-kubernetes-preserve-unknown-fields");
    if (!typed) {
      wrong.add(path + " has no type");
    }
    if (schema.get("properties") instanceof Map<?, ?> properties) {
      properties.forEach(
          (key, value) -> {
            Map<?, ?> property = (Map<?, ?>) value;
            if (!property.containsKey("description")) {
              wrong.add(path + "." + key + " is not described");
            }
            look(property, path + "." + key, wrong);
          });
    }
    for (String nested : List.of("items", "additionalProperties")) {
      if (schema.get(nested) instanceof Map<?, ?> each) {
        look(each, path + "[]", wrong);
      }
    }
  }
}
