package dev.sluice.policy.parse;

import static dev.sluice.policy.parse.CustomResources.ordered;

import dev.sluice.spec.Kind;
import java.util.List;
import java.util.Map;

/** The schema of a custom resource's status, which the server writes. */
final class StatusSchema {
  private StatusSchema() {}

  static Map<String, Object> of(Kind kind) {
    Map<String, Object> properties =
        ordered(
            "observedGeneration",
            number("int64", "metadata.generation of what this status is about"),
            "conditions",
            ordered(
                "description",
                "Accepted: whether the document is in force. ResolvedRefs: whether all that it names"
                    + " is there. Programmed: whether every proxy that it concerns has acknowledged"
                    + " what it makes. RolloutProgressing: whether a rollout goes on by itself; only"
                    + " where there is one.",
                "type",
                "array",
                "x-kubernetes-list-type",
                "map",
                "x-kubernetes-list-map-keys",
                List.of("type"),
                "items",
                condition()),
            "proxies",
            ordered(
                "description",
                "The proxies that the document concerns.",
                "type",
                "object",
                "properties",
                ordered(
                    "acknowledged", number("int32", "how many have acknowledged what it makes"),
                    "concerned", number("int32", "how many there are"))),
            "programmed",
            text("proxies as text: acknowledged/concerned, such as 12/12"));
    if (kind == Kind.TRAFFIC_POLICY) {
      properties.put("split", text("spec.split as text, such as v1=90,v2=10"));
      properties.put("rollout", rollout());
    }
    return ordered(
        "description",
        "What became of the document; the server writes it.",
        "type",
        "object",
        "properties",
        properties);
  }

  /** Written as a whole, also by a server that is newer than this definition. */
  private static Map<String, Object> rollout() {
    Map<String, Object> shares =
        ordered(
            "description",
            "how the traffic is divided among versions, in millionths",
            "type",
            "object",
            "additionalProperties",
            ordered("type", "integer", "format", "int32"));
    return ordered(
        "description",
        "How spec.rollout stands: what the server goes on from. Only the server writes it.",
        "type",
        "object",
        "x-kubernetes-map-type",
        "atomic",
        "x-kubernetes-preserve-unknown-fields",
        true,
        "properties",
        ordered(
            "serial", number("int64", "counts what was kept here"),
            "kind", text("CANARY or BLUE_GREEN"),
            "from", text("the version that has the traffic before"),
            "to", text("the version that is to have it"),
            "shares", shares,
            "phase", text("where it stands, such as HOLDING"),
            "since", text("since when"),
            "words", text("what it waits for or how it ended, for people")));
  }

  /** {@code meta/v1 Condition}. */
  private static Map<String, Object> condition() {
    Map<String, Object> time = text("when the status changed last");
    time.put("format", "date-time");
    Map<String, Object> status = text("whether it holds");
    status.put("enum", List.of("True", "False", "Unknown"));
    return ordered(
        "type",
        "object",
        "required",
        List.of("type", "status", "lastTransitionTime", "reason", "message"),
        "properties",
        ordered(
            "type",
            text("Accepted, ResolvedRefs, Programmed or RolloutProgressing"),
            "status",
            status,
            "observedGeneration",
            number("int64", "metadata.generation that the condition is about"),
            "lastTransitionTime",
            time,
            "reason",
            text("why, in one word for programs"),
            "message",
            text("why, for people")));
  }

  private static Map<String, Object> text(String description) {
    return ordered("description", description, "type", "string");
  }

  private static Map<String, Object> number(String format, String description) {
    return ordered("description", description, "type", "integer", "format", format);
  }
}
