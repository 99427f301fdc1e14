package dev.sluice.server.conditions;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The {@code status} of a document, as the definitions of the custom resources have it, but for
 * since when its conditions are as they are.
 *
 * @param generation which edition of the document it is about
 * @param acknowledged proxies that have acknowledged what the document makes
 * @param concerned proxies that it concerns
 * @param split the shares of its versions, such as {@code v1=90,v2=10}; empty where it has none
 */
public record StatusObject(
    long generation, List<Condition> conditions, int acknowledged, int concerned, String split) {
  public StatusObject {
    conditions = List.copyOf(conditions);
    Objects.requireNonNull(split);
  }

  static StatusObject of(Standing standing) {
    return new StatusObject(
        standing.generation(),
        Conditions.of(standing),
        standing.tally().acknowledged(),
        standing.tally().concerned(),
        standing.split());
  }

  /**
   * It as JSON has it.
   *
   * @param before the status as it is, for since when its conditions are as they are; null where
   *     there is none
   */
  public Map<String, Object> json(@Nullable Object before, Instant now) {
    Map<String, Map<?, ?>> were = conditions(before);
    List<Object> are = new ArrayList<>();
    for (Condition condition : conditions) {
      Map<?, ?> was = were.getOrDefault(condition.type(), Map.of());
      boolean same = condition.holds().toString().equals(was.get("status"));
      Object since = same ? was.get("lastTransitionTime") : null;
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("type", condition.type());
      one.put("status", condition.holds().toString());
      one.put("reason", condition.reason());
      one.put("message", condition.message());
      one.put("observedGeneration", generation);
      one.put(
          "lastTransitionTime",
          since == null ? now.truncatedTo(ChronoUnit.SECONDS).toString() : since);
      are.add(one);
    }
    Map<String, Integer> proxies = new LinkedHashMap<>();
    proxies.put("acknowledged", acknowledged);
    proxies.put("concerned", concerned);
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", generation);
    status.put("conditions", are);
    status.put("proxies", proxies);
    status.put("programmed", acknowledged + "/" + concerned);
    if (!split.isEmpty()) {
      status.put("split", split);
    }
    return status;
  }

  private static Map<String, Map<?, ?>> conditions(@Nullable Object before) {
    Map<String, Map<?, ?>> byType = new HashMap<>();
    if (before instanceof Map<?, ?> status && status.get("conditions") instanceof List<?> list) {
      for (Object one : list) {
        if (one instanceof Map<?, ?> condition) {
          byType.put(String.valueOf(condition.get("type")), condition);
        }
      }
    }
    return byType;
  }
}
