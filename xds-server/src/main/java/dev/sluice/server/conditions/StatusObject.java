package dev.sluice.server.conditions;

import dev.sluice.server.conditions.Conditions.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code status} of a custom resource, as its definition has it. */
final class StatusObject {
  private StatusObject() {}

  /**
   * Writes a status.
   *
   * @param before the object as it is, for since when its conditions are as they are
   */
  static Map<String, Object> of(
      Standing standing, @Nullable GenericKubernetesResource before, Instant now) {
    Map<String, Map<?, ?>> conditionsBefore = conditions(before);
    List<Object> conditions = new ArrayList<>();
    for (Condition condition : Conditions.of(standing)) {
      Map<?, ?> was = conditionsBefore.getOrDefault(condition.type(), Map.of());
      boolean same = condition.holds().toString().equals(was.get("status"));
      Object since = same ? was.get("lastTransitionTime") : null;
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("type", condition.type());
      one.put("status", condition.holds().toString());
      one.put("reason", condition.reason());
      one.put("message", condition.message());
      one.put("observedGeneration", standing.generation());
      one.put(
          "lastTransitionTime",
          since == null ? now.truncatedTo(ChronoUnit.SECONDS).toString() : since);
      conditions.add(one);
    }
    int acknowledged = standing.tally().acknowledged();
    int concerned = standing.tally().concerned();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", standing.generation());
    status.put("conditions", conditions);
    status.put("proxies", Map.of("acknowledged", acknowledged, "concerned", concerned));
    status.put("programmed", acknowledged + "/" + concerned);
    if (!standing.split().isEmpty()) {
      status.put("split", standing.split());
    }
    return status;
  }

  private static Map<String, Map<?, ?>> conditions(@Nullable GenericKubernetesResource object) {
    Map<String, Map<?, ?>> byType = new HashMap<>();
    if (object != null
        && object.getAdditionalProperties().get("status") instanceof Map<?, ?> status
        && status.get("conditions") instanceof List<?> list) {
      for (Object one : list) {
        if (one instanceof Map<?, ?> condition) {
          byType.put(String.valueOf(condition.get("type")), condition);
        }
      }
    }
    return byType;
  }
}
