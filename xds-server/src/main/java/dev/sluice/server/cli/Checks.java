package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.problem.Location;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads from the admin API's answers what is not as it should be. */
final class Checks {
  /** Beyond so many they are told together: a rollout stops hundreds. */
  private static final int MOST_DEPARTED = 5;

  private Checks() {}

  /** Sources whose state is old or not known yet ({@code /v1/sources}). */
  static List<Finding> sources(JsonNode answer, Instant now) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode source : answer.path("sources")) {
      String state = source.path("state").asText();
      if (!state.equals("SYNCED")) {
        Duration age = Duration.between(Instant.parse(source.path("since").asText()), now);
        String reason = source.path("message").asText();
        findings.add(
            Finding.error(
                "source " + source.path("source").asText(),
                "is %s for %s%s"
                    .formatted(state, Ages.text(age), reason.isEmpty() ? "" : ": " + reason),
                state.equals("STALE")
                    ? "what it told last stays live; changes there are not seen until it is back"
                    : "no proxy is told anything before every source has told all it knows"));
      }
    }
    return findings;
  }

  /** Proxies that refuse, or have not answered for long ({@code /v1/proxies}). */
  static List<Finding> proxies(JsonNode answer, JsonNode past) {
    List<Finding> findings = new ArrayList<>();
    if (answer.path("proxies").isEmpty()) {
      findings.add(
          Finding.warning(
              "proxies",
              "none is connected",
              "'sluice bootstrap --help' tells how to start one; see the log for refused ones"));
    }
    for (JsonNode proxy : answer.path("proxies")) {
      String subject = "proxy " + proxy.path("id").asText();
      for (JsonNode type : proxy.path("types")) {
        String name = type.path("type").asText();
        if (type.path("state").asText().equals("NACKED")) {
          findings.add(
              Finding.error(
                  subject,
                  "refuses " + name + ": " + type.path("refusal").path("message").asText(),
                  "it keeps what it had; " + mend(type.path("refusal"), past)));
        } else if (Lagging.isLong(type)) {
          findings.add(
              Finding.error(
                  subject,
                  "has not acknowledged %s for %s".formatted(name, Ages.text(Lagging.time(type))),
                  Lagging.todo(proxy.path("id").asText(), type)));
        }
      }
    }
    return findings;
  }

  /**
   * Proxies that left and are not back ({@code /v1/proxies}): one by one, or if many their count.
   */
  static List<Finding> departed(JsonNode answer, Instant now) {
    List<Finding> findings = new ArrayList<>();
    JsonNode left = answer.path("left");
    if (left.size() > MOST_DEPARTED) {
      return List.of(
          Finding.warning(
              "proxies",
              left.size() + " left within the last hour and are not back",
              "'sluice status' names them; those that were stopped, or are with another replica, are well"));
    }
    for (JsonNode one : left) {
      Duration ago = Duration.between(Instant.parse(one.path("at").asText()), now);
      findings.add(
          Finding.warning(
              "proxy " + one.path("id").asText(),
              "left %s ago: %s".formatted(Ages.text(ago), one.path("why").asText()),
              "nothing is to be done where it was stopped, or is with another replica; else see its own log"));
    }
    return findings;
  }

  /** What to mend; a document that a rollback holds back is not what was refused. */
  private static String mend(JsonNode refusal, JsonNode past) {
    for (JsonNode held : past.path("held")) {
      for (JsonNode cause : refusal.path("causes")) {
        if (cause.asText().startsWith(held.path("document").asText() + " (")) {
          return "it is of revision %s, which is rolled back to: 'sluice rollback --lift'"
              .formatted(past.path("rollback").path("revision").asText());
        }
      }
    }
    return "mend " + causes(refusal);
  }

  private static String causes(JsonNode refusal) {
    List<String> causes = new ArrayList<>();
    refusal.path("causes").forEach(cause -> causes.add(cause.asText()));
    return causes.isEmpty() ? "what it is made of" : String.join(", ", causes);
  }

  /** What proxies are not given because one refused it ({@code /v1/quarantine}). */
  static List<Finding> quarantine(JsonNode answer, JsonNode past) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode one : answer.path("quarantine")) {
      findings.add(
          Finding.error(
              one.path("type").asText() + " " + one.path("name").asText(),
              "is in quarantine since %s: %s refused it: %s"
                  .formatted(
                      one.path("since").asText(),
                      one.path("proxy").asText(),
                      one.path("message").asText()),
              "who has not got it keeps the version before; " + mend(one, past)));
    }
    return findings;
  }

  /** Changes that go no further ({@code /v1/canaries}). */
  static List<Finding> canaries(JsonNode answer) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode one : answer.path("canaries")) {
      if (one.has("halted")) {
        findings.add(
            Finding.error(
                "configuration of %s %s"
                    .formatted(one.path("role").asText(), one.path("service").asText()),
                "has come to %d of %d proxies and goes no further: %s"
                    .formatted(
                        one.path("acknowledged").asInt(),
                        one.path("concerned").asInt(),
                        one.path("halted").asText()),
                "mend " + causes(one) + ", or the proxy that does not answer"));
      }
    }
    return findings;
  }

  /** Policies of an earlier revision ({@code /v1/rollback}). */
  static List<Finding> rollback(JsonNode answer) {
    if (!answer.has("rollback")) {
      return List.of();
    }
    int held = answer.path("held").size();
    return List.of(
        Finding.warning(
            "rollback",
            RollbackText.line(answer.path("rollback")),
            "%s held back until then ('sluice rollback' names %s); mend %s, then 'sluice rollback --lift'"
                .formatted(
                    held == 1 ? "1 document is" : held + " documents are",
                    held == 1 ? "it" : "them",
                    held == 1 ? "it" : "them")));
  }

  /** What is wrong with documents, secrets and instances ({@code /v1/problems}). */
  static List<Finding> problems(JsonNode answer) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode problem : answer.path("problems")) {
      String place =
          new Location(
                  problem.path("file").asText(),
                  problem.path("line").asInt(),
                  problem.path("column").asInt())
              .toString();
      String message = problem.path("path").asText() + ": " + problem.path("message").asText();
      findings.add(
          problem.path("severity").asText().equals("WARNING")
              ? Finding.warning(place, message, "")
              : Finding.error(place, message, "the last good version stays in force, if any"));
    }
    return findings;
  }

  /**
   * Versions that nothing is of, though their service has instances, and those with a share all of
   * whose instances are drained ({@code /v1/documents}).
   */
  static List<Finding> versions(JsonNode answer) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode policy : answer.path("documents")) {
      boolean any =
          policy.path("versions").properties().stream().anyMatch(one -> one.getValue().asInt() > 0);
      for (JsonNode version : policy.path("drained")) {
        int share = policy.path("split").path(version.asText()).asInt();
        if (share > 0) {
          findings.add(
              Finding.warning(
                  subject(version.asText(), policy),
                  "has a share of %d, and every instance of it is drained".formatted(share),
                  "'sluice get overrides' names what was drained, 'sluice restore' ends it; split.onEmpty says who gets its share"));
        }
      }
      for (var version : policy.path("versions").properties()) {
        if (any && version.getValue().asInt() == 0) {
          findings.add(
              Finding.warning(
                  subject(version.getKey(), policy),
                  "has no instance of " + policy.path("target").asText(),
                  "compare its labels with 'sluice get services -o wide'; split.onEmpty says who gets its share"));
        }
      }
    }
    return findings;
  }

  private static String subject(String version, JsonNode policy) {
    return "version %s of %s (%s:%s)"
        .formatted(
            version,
            DocumentText.key(policy),
            policy.path("file").asText(),
            policy.path("line").asText());
  }

  /** Services that nobody can answer for ({@code /v1/services}). */
  static List<Finding> services(Iterable<JsonNode> services) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode service : services) {
      JsonNode instances = service.path("instances");
      int all = instances.path("all").asInt();
      String subject =
          "service %s.%s"
              .formatted(service.path("name").asText(), service.path("namespace").asText());
      String which = subject.substring("service ".length());
      if (service.has("host") || instances.path("healthy").asInt() > 0) {
        continue;
      }
      findings.add(
          all == 0
              ? Finding.warning(
                  subject, "has no instance", "who calls it gets 503 until there is one")
              : Finding.error(
                  subject,
                  "has no healthy instance (%d unhealthy, %d draining)"
                      .formatted(
                          instances.path("unhealthy").asInt(), instances.path("draining").asInt()),
                  "'sluice get services " + which + " -o wide' shows them"));
    }
    return findings;
  }
}
