package dev.sluice.server.pipeline;

import dev.sluice.server.catalog.Change;
import dev.sluice.server.snapshot.Revision;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the log and the history say of a publication. */
final class RevisionText {
  private RevisionText() {}

  /** What brought it about. */
  static String cause(Change change) {
    Stream<String> documents = change.causes().documents().stream().map(Object::toString);
    Stream<String> services =
        Stream.concat(change.catalog().changed().stream(), change.catalog().removed().stream())
            .map(id -> "service " + id);
    Stream<String> secrets =
        Stream.concat(change.secrets().changed().stream(), change.secrets().removed().stream())
            .map(id -> "secret " + id);
    List<String> all =
        Stream.of(documents, services, secrets).flatMap(each -> each).limit(6).toList();
    if (all.isEmpty()) {
      return "start";
    }
    return all.size() < 6
        ? String.join(", ", all)
        : String.join(", ", all.subList(0, 5)) + " and more";
  }

  /** How much of each type changed. */
  static String summary(Revision revision) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    revision
        .groups()
        .values()
        .forEach(
            group ->
                group
                    .types()
                    .forEach(
                        (type, count) ->
                            counts.merge(
                                type.shortName(),
                                count.changed() + count.removed(),
                                Integer::sum)));
    String types =
        counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    return revision.groups().size() + " proxy groups (" + types + ")";
  }
}
