package dev.sluice.server.source.file;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.StaticServices;
import dev.sluice.server.source.file.FileState.Leaving;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfService;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.StaticService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all files amount to, and what of it has not been told yet; confined to the source's thread.
 *
 * <p>Of a document that several files hold, the one of the first file by path counts; one that is
 * leaving its file counts only where no file holds it.
 */
final class FileFacts {

  private final SourceName source;
  private final SortedMap<String, FileState> files = new TreeMap<>();
  private final Map<DocumentKey, SortedMap<String, Document>> holders = new HashMap<>();
  private final Map<DocumentKey, SortedMap<String, Document>> leaving = new HashMap<>();
  private final Set<DocumentKey> touched = new TreeSet<>();
  private final Map<SourceEntry.Key, SourceEntry> told = new LinkedHashMap<>();

  FileFacts(SourceName source) {
    this.source = source;
  }

  /** What the file contributes. */
  FileState file(String file) {
    return files.getOrDefault(file, FileState.EMPTY);
  }

  /** From now on the file contributes {@code state}. */
  void put(String file, FileState state) {
    FileState before = file(file);
    if (before.equals(state)) {
      return;
    }
    before.documents().keySet().forEach(key -> drop(holders, key, file));
    before.leaving().keySet().forEach(key -> drop(leaving, key, file));
    state.documents().forEach((key, one) -> hold(holders, key, file, one));
    state.leaving().forEach((key, one) -> hold(leaving, key, file, one.document()));
    if (state.isEmpty()) {
      files.remove(file);
    } else {
      files.put(file, state);
    }
  }

  /** Lets documents go that have been leaving since {@code before} or longer. */
  void settle(long before) {
    for (String file : List.copyOf(files.keySet())) {
      put(file, file(file).settle(before));
    }
  }

  /** Since when the document that has been leaving longest is leaving. */
  OptionalLong leavingSince() {
    return files.values().stream()
        .flatMap(state -> state.leaving().values().stream())
        .mapToLong(Leaving::since)
        .min();
  }

  /** What to tell to get from what was told before to what is now; counts as told from here on. */
  List<SourceUpdate> take() {
    List<SourceUpdate> upserts = new ArrayList<>();
    List<SourceUpdate> removes = new ArrayList<>();
    for (DocumentKey key : touched) {
      Map<SourceEntry.Key, SourceEntry> now = entries(key);
      for (SourceEntry entry : now.values()) {
        if (!entry.equals(told.put(entry.key(), entry))) {
          upserts.add(new Upsert(entry));
        }
      }
      for (SourceEntry.Key gone : EntryKeys.of(key)) {
        if (!now.containsKey(gone) && told.remove(gone) != null) {
          removes.add(new Remove(gone));
        }
      }
    }
    touched.clear();
    upserts.addAll(removes);
    return upserts;
  }

  /** Everything that was told. */
  List<SourceEntry> told() {
    return List.copyOf(told.values());
  }

  /** What is wrong with the files, duplicates among them included; sorted. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    files.values().forEach(state -> problems.addAll(state.problems()));
    for (SortedMap<String, Document> one : holders.values()) {
      if (one.size() > 1) {
        Document first = one.firstEntry().getValue();
        one.values().stream()
            .skip(1)
            .forEach(second -> problems.add(Duplicates.problem(first, second)));
      }
    }
    return problems.stream().sorted().distinct().toList();
  }

  private Map<SourceEntry.Key, SourceEntry> entries(DocumentKey key) {
    SortedMap<String, Document> all = holders.getOrDefault(key, leaving.get(key));
    Map<SourceEntry.Key, SourceEntry> entries = new LinkedHashMap<>();
    if (all != null) {
      Document document = all.firstEntry().getValue();
      put(entries, new OfDocument(document));
      if (document instanceof StaticService service) {
        put(entries, new OfService(StaticServices.service(service, source)));
      }
    }
    return entries;
  }

  private static void put(Map<SourceEntry.Key, SourceEntry> entries, SourceEntry entry) {
    entries.put(entry.key(), entry);
  }

  private void hold(
      Map<DocumentKey, SortedMap<String, Document>> map,
      DocumentKey key,
      String file,
      Document document) {
    map.computeIfAbsent(key, _ -> new TreeMap<>()).put(file, document);
    touched.add(key);
  }

  private void drop(
      Map<DocumentKey, SortedMap<String, Document>> map, DocumentKey key, String file) {
    SortedMap<String, Document> all = Objects.requireNonNull(map.get(key));
    all.remove(file);
    if (all.isEmpty()) {
      map.remove(key);
    }
    touched.add(key);
  }
}
