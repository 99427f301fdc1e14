package dev.sluice.server.source.kubernetes;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.server.source.Observed;
import dev.sluice.server.source.kubernetes.Touched.Batch;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The documents of a cluster, the last good of each; of the source's thread. */
final class ClusterDocuments {
  private final String cluster;
  private final DocumentReader reader;
  private final Map<Kind, Watched<DocumentText>> kinds;
  private final Map<DocumentKey, Document> good = new HashMap<>();
  private final SortedMap<DocumentKey, Observed> observed = new TreeMap<>();
  private SortedMap<String, Observed> shown = new TreeMap<>();
  private final SortedMap<DocumentKey, String> rollouts = new TreeMap<>();
  private SortedMap<DocumentKey, String> shownRollouts = Collections.emptySortedMap();

  ClusterDocuments(String cluster, DocumentReader reader, Map<Kind, Watched<DocumentText>> kinds) {
    this.cluster = cluster;
    this.reader = reader;
    this.kinds = Map.copyOf(kinds);
  }

  /**
   * What became of the documents that the batch concerns.
   *
   * @return each that is new, differs or is gone (empty); one that is wrong stays as it was
   */
  Map<DocumentKey, Optional<Document>> take(Batch batch) {
    Map<DocumentKey, Optional<Document>> changed = new HashMap<>();
    kinds.forEach(
        (kind, watched) -> {
          for (String name : batch.all(watched)) {
            int slash = name.indexOf('/');
            DocumentKey key =
                new DocumentKey(kind, name.substring(0, slash), name.substring(slash + 1));
            look(key, watched.facts(name), changed);
          }
          if (!batch.all(watched).isEmpty()) {
            SortedMap<String, Observed> next = new TreeMap<>();
            observed.forEach((key, one) -> next.put(key.toString(), one));
            shown = Collections.unmodifiableSortedMap(next);
            shownRollouts = Collections.unmodifiableSortedMap(new TreeMap<>(rollouts));
          }
        });
    return changed;
  }

  private void look(
      DocumentKey key, @Nullable DocumentText text, Map<DocumentKey, Optional<Document>> changed) {
    if (text == null) {
      observed.remove(key);
      rollouts.remove(key);
      if (good.remove(key) != null) {
        changed.put(key, Optional.empty());
      }
      return;
    }
    if (text.rollout().isEmpty()) {
      rollouts.remove(key);
    } else {
      rollouts.put(key, text.rollout());
    }
    Location file =
        Location.ofFile(
            "kubernetes/%s/%s/%s/%s"
                .formatted(
                    cluster,
                    Definitions.plural(key.kind().toString()),
                    key.namespace(),
                    key.name()));
    Reading reading = reader.readJson(file.file(), text.json());
    // The lines and columns are those of a text that its author never sees.
    List<Problem> problems = reading.problems().stream().map(one -> one.at(file)).toList();
    observed.put(
        key,
        new Observed(
            file.file(),
            text.generation(),
            text.uid(),
            problems,
            new TreeMap<>(Map.of(key, problems))));
    reading.items().stream()
        .flatMap(item -> item.document().stream())
        .map(document -> document.at(new Origin(file, Map.of(), text.generation())))
        .findFirst()
        .filter(document -> !document.equals(good.put(key, document)))
        .ifPresent(document -> changed.put(key, Optional.of(document)));
  }

  /** The documents that count. */
  Map<DocumentKey, Document> good() {
    return good;
  }

  /** All documents as the cluster has them, by their keys' texts; another map after each change. */
  SortedMap<String, Observed> observed() {
    return shown;
  }

  /** How rollouts stand as the cluster has it; another map after each change. */
  SortedMap<DocumentKey, String> rollouts() {
    return shownRollouts;
  }

  /** The names of all documents of a kind that were looked at. */
  List<String> names(Kind kind) {
    return observed.keySet().stream()
        .filter(key -> key.kind() == kind)
        .map(key -> key.namespace() + "/" + key.name())
        .toList();
  }

  /** What is wrong with them. */
  List<Problem> problems() {
    List<Problem> all = new ArrayList<>();
    observed.values().forEach(one -> all.addAll(one.problems()));
    return all;
  }
}
