package dev.sluice.server.diff;

import dev.sluice.problem.Problem;
import dev.sluice.server.diff.DocumentChange.What;
import dev.sluice.server.snapshot.ResourceType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What would change.
 *
 * @param documents what would become of each document
 * @param groups what would differ for proxies
 * @param problems what is wrong with the documents, and what would be wrong by them, sorted
 * @param warnings what else to know before it is done
 */
public record Difference(
    List<DocumentChange> documents,
    List<GroupDifference> groups,
    List<Problem> problems,
    List<String> warnings) {
  public Difference {
    documents = List.copyOf(documents);
    groups = List.copyOf(groups);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** How many proxies would be told of something. */
  public int proxies() {
    return groups.stream().mapToInt(GroupDifference::proxies).sum();
  }

  /** Whether nothing at all would change for any proxy. */
  public boolean isEmpty() {
    return groups.isEmpty();
  }

  /** {@code 12 proxies, 1 route changed}; a resource that several groups have counts once. */
  public String summary() {
    if (isEmpty()) {
      return "nothing changes for any proxy";
    }
    Map<ResourceType, Map<What, Integer>> counts = new EnumMap<>(ResourceType.class);
    Set<String> counted = new HashSet<>();
    for (GroupDifference group : groups) {
      for (ResourceChange change : group.resources()) {
        if (counted.add(change.type() + " " + change.what() + " " + change.name())) {
          counts
              .computeIfAbsent(change.type(), _ -> new TreeMap<>())
              .merge(change.what(), 1, Integer::sum);
        }
      }
    }
    List<String> parts = new ArrayList<>();
    parts.add(number(proxies(), "proxy", "proxies"));
    counts.forEach(
        (type, kinds) ->
            kinds.forEach(
                (what, count) ->
                    parts.add(
                        number(count, noun(type), noun(type) + "s")
                            + " "
                            + what.name().toLowerCase(Locale.ROOT))));
    return String.join(", ", parts);
  }

  private static String number(int count, String one, String several) {
    return "%,d %s".formatted(count, count == 1 ? one : several);
  }

  private static String noun(ResourceType type) {
    return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
