package dev.sluice.policy.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.parse.DocumentParser;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many versions a policy may have, and how messages refer to another value. */
class VersionNamesTest {
  private static List<String> problems(int versions) {
    String declared = list(versions, "{name: v%1$d, labels: {version: v%1$d}}");
    String weights = list(versions, "v%d: 1");
    String policy =
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: orders, namespace: shop}
        spec:
          target: {service: orders}
          versions: [%s]
          split: {weights: {%s}}
        """
            .formatted(declared, weights);
    return messages(policy);
  }

  private static String list(int size, String item) {
    return IntStream.range(0, size).mapToObj(item::formatted).collect(Collectors.joining(", "));
  }

  private static List<String> messages(String policy) {
    return DocumentParser.reader().read("orders.yaml", policy).problems().stream()
        .map(problem -> problem.path() + ": " + problem.message())
        .toList();
  }

  @Test
  void aPolicyHas256VersionsAtMost() {
    assertThat(problems(256)).isEmpty();
    assertThat(problems(257))
        .containsExactlyInAnyOrder(
            "$.spec.versions: has 257 versions; the most is 256",
            "$.spec.split.weights: names 257 versions; the most is 256");
  }

  @Test
  void aDocumentInOneLineIsReferredToByPaths() {
    assertThat(
            messages(
                "{apiVersion: sluice.dev/v1, kind: TrafficPolicy, metadata: {name: orders}, spec:"
                    + " {target: {service: orders}, versions: [{name: a, labels: {v: a}},"
                    + " {name: a, labels: {v: b}}]}}"))
        .containsExactly(
            "$.spec.versions[1].name: the version \"a\" is already given at"
                + " $.spec.versions[0]; rename or remove one");
  }
}
