package dev.sluice.server.history;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.Revision.Counts;
import dev.sluice.server.snapshot.Revision.Summary;
import dev.sluice.spec.DocumentKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A revision as a line of the file has it: its documents are told by what differs from the line
 * before.
 *
 * @param revision its number
 * @param put documents that are new or differ: the hashes of their texts by their keys
 * @param gone keys of documents that are in force no more
 * @param unreadable keys of all documents that were in force, and that the writer could not read
 */
record StoredRevision(
    long revision,
    Instant at,
    String cause,
    List<Reason> reasons,
    List<Group> groups,
    SortedMap<String, String> put,
    List<String> gone,
    List<String> unreadable) {
  /** What changed for a group. */
  record Group(NodeGroup group, Map<ResourceType, Counts> types) {
    Group {
      Objects.requireNonNull(group);
      types = Map.copyOf(types);
    }
  }

  StoredRevision {
    Objects.requireNonNull(at);
    Objects.requireNonNull(cause);
    reasons = List.copyOf(reasons);
    groups = List.copyOf(groups);
    put = new TreeMap<>(put);
    gone = List.copyOf(gone);
    unreadable = List.copyOf(Objects.requireNonNullElse(unreadable, List.of())); // Older files.
  }

  static StoredRevision of(Past past, SortedMap<String, String> put, List<String> gone) {
    Revision revision = past.revision();
    return new StoredRevision(
        revision.id(),
        revision.at(),
        revision.cause(),
        revision.reasons(),
        revision.groups().entrySet().stream()
            .map(entry -> new Group(entry.getKey(), entry.getValue().types()))
            .toList(),
        put,
        gone,
        past.unreadable().stream().map(DocumentKey::toString).toList());
  }

  /** The revision itself. */
  Revision itself() {
    Map<NodeGroup, Summary> summaries = new HashMap<>();
    groups.forEach(one -> summaries.put(one.group(), new Summary(one.types())));
    return new Revision(revision, cause, reasons, at, summaries);
  }
}
