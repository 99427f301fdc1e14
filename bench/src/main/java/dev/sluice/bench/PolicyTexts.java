package dev.sluice.bench;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The policies of {@link Mesh}'s services as their authors write them. */
final class PolicyTexts {
  private PolicyTexts() {}

  /** One file each. */
  static List<String> all(int services) {
    return IntStream.range(0, services).mapToObj(i -> text(i, 90, 200)).toList();
  }

  /**
   * The canary of policy.md, with two exceptions.
   *
   * @param weight of v1, of 100
   * @param requests that may be under way at once
   */
  static String text(int number, int weight, int requests) {
    return """
    apiVersion: sluice.dev/v1
    kind: TrafficPolicy
    metadata: {name: service-%1$d, namespace: %5$s}
    spec:
      target: {service: service-%1$d}
      versions:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      split:
        weights: {v1: %2$d, v2: %3$d}
      routes:
        - name: testers
          match:
            - {headers: [{name: x-canary, exact: "true"}]}
            - {cookies: [{name: tester, exact: "1"}]}
          to: {version: v2}
        - name: reports
          match: [{path: {prefix: /reports}, methods: [GET]}]
          to: {version: v1}
          timeouts: {request: 60s}
      retry: {attempts: 3, perTryTimeout: 2s}
      circuitBreaker:
        maxRequests: %4$d
        outlier: {consecutiveErrors: 5, ejectFor: 30s}
    """
        .formatted(number, weight, 100 - weight, requests, Mesh.NAMESPACE);
  }

  /** What the text says. */
  static Document document(String file, String text) {
    Reading reading = DocumentParser.reader().read(file, text);
    if (Problem.anyError(reading.problems())) {
      throw new IllegalArgumentException(reading.problems().toString());
    }
    return reading.items().stream()
        .map(Item::document)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow();
  }
}
