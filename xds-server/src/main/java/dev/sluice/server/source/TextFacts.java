package dev.sluice.server.source;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.TextState.Leaving;
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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all texts of a source amount to (its texts, or the values of its keys), and what of it has
 * not been told yet; confined to the source's thread.
 *
 * <p>Of a document that several texts hold, the one of the first text by name counts; one that is
 * leaving its text counts only where no text holds it.
 */
public final class TextFacts {

  private final SourceName source;
  private final SortedMap<String, TextState> texts = new TreeMap<>();
  private final Map<DocumentKey, SortedMap<String, Document>> holders = new HashMap<>();
  private final Map<DocumentKey, SortedMap<String, Document>> leaving = new HashMap<>();
  private final Set<DocumentKey> touched = new TreeSet<>();
  private final Map<SourceEntry.Key, SourceEntry> told = new LinkedHashMap<>();

  /** Facts of which nothing is known. */
  public TextFacts(SourceName source) {
    this.source = source;
  }

  /** What a text contributes. */
  public TextState text(String name) {
    return texts.getOrDefault(name, TextState.EMPTY);
  }

  /** From now on the text contributes {@code state}. */
  public void put(String name, TextState state) {
    TextState before = text(name);
    if (before.equals(state)) {
      return;
    }
    before.documents().keySet().forEach(key -> drop(holders, key, name));
    before.leaving().keySet().forEach(key -> drop(leaving, key, name));
    state.documents().forEach((key, one) -> hold(holders, key, name, one));
    state.leaving().forEach((key, one) -> hold(leaving, key, name, one.document()));
    if (state.isEmpty()) {
      texts.remove(name);
    } else {
      texts.put(name, state);
    }
  }

  /** Lets documents go that have been leaving since {@code before} or longer. */
  public void settle(long before) {
    for (String name : List.copyOf(texts.keySet())) {
      put(name, text(name).settle(before));
    }
  }

  /** Since when the document that has been leaving longest is leaving. */
  public OptionalLong leavingSince() {
    return texts.values().stream()
        .flatMap(state -> state.leaving().values().stream())
        .mapToLong(Leaving::since)
        .min();
  }

  /** What to tell to get from what was told before to what is now; counts as told from here on. */
  public List<SourceUpdate> take() {
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

  /** What was told of that key; empty where it was not, or is gone. */
  public Optional<SourceEntry> told(SourceEntry.Key key) {
    return Optional.ofNullable(told.get(key));
  }

  /** Everything that was told. */
  public List<SourceEntry> told() {
    return List.copyOf(told.values());
  }

  /** What is wrong with the texts, duplicates among them included; sorted. */
  public List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    texts.values().forEach(state -> problems.addAll(state.problems()));
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
      String name,
      Document document) {
    map.computeIfAbsent(key, _ -> new TreeMap<>()).put(name, document);
    touched.add(key);
  }

  private void drop(
      Map<DocumentKey, SortedMap<String, Document>> map, DocumentKey key, String name) {
    SortedMap<String, Document> all = Objects.requireNonNull(map.get(key));
    all.remove(name);
    if (all.isEmpty()) {
      map.remove(key);
    }
    touched.add(key);
  }
}
