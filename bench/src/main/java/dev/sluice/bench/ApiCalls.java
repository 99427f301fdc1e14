package dev.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one user asks of an API server, by its audit log.
 *
 * @param policy the API server's audit policy, a file
 * @param log the audit log
 */
record ApiCalls(Path policy, Path log) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The calls of this user; the policy is written to the folder. */
  static ApiCalls of(String user, Path folder) throws IOException {
    Path policy =
        Files.writeString(
            folder.resolve("audit-policy.yaml"),
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules: [{level: Metadata, users: ["%s"]}, {level: None}]
            """
                .formatted(user));
    return new ApiCalls(policy, folder.resolve("audit.log"));
  }

  /** With which an API server writes the log. */
  String[] apiServerFlags() {
    return new String[] {"--audit-policy-file=" + policy, "--audit-log-path=" + log};
  }

  /** Prints how many calls began between the two instants, by verb and resource. */
  void print(String when, Instant from, Instant to) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    try (Stream<String> lines = Files.lines(log)) {
      for (String line : (Iterable<String>) lines::iterator) {
        JsonNode event = JSON.readTree(line);
        Instant at = Instant.parse(event.path("requestReceivedTimestamp").asText());
        if (isBeginningOrAll(event) && !at.isBefore(from) && at.isBefore(to)) {
          counts.merge(call(event), 1, Integer::sum);
        }
      }
    }
    System.out.println("asked of the API server " + when);
    counts.forEach((call, count) -> System.out.printf("  %5d %s%n", count, call));
  }

  /** A watch is told when it begins and when it ends; everything else when it is done. */
  private static boolean isBeginningOrAll(JsonNode event) {
    boolean watch = event.path("verb").asText().equals("watch");
    return event.path("stage").asText().equals(watch ? "ResponseStarted" : "ResponseComplete");
  }

  private static String call(JsonNode event) {
    JsonNode object = event.path("objectRef");
    String what =
        object.isMissingNode()
            ? event.path("requestURI").asText()
            : object.path("resource").asText()
                + (object.has("subresource") ? "/" + object.path("subresource").asText() : "")
                + (object.has("apiGroup") ? "." + object.path("apiGroup").asText() : "");
    return event.path("verb").asText() + " " + what + " " + event.at("/responseStatus/code");
  }
}
