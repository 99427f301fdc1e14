package dev.sluice.server.source;

import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Upsert;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a source has told; confined to the source's thread. */
public final class ToldEntries {
  private final Map<SourceEntry.Key, SourceEntry> told = new LinkedHashMap<>();

  /** Nothing yet. */
  public ToldEntries() {}

  /**
   * What to tell of what changed: not what is as it was told. It counts as told from here on.
   *
   * @param changed each entry as it is now, empty where it is gone
   */
  public List<SourceUpdate> updates(Map<SourceEntry.Key, Optional<? extends SourceEntry>> changed) {
    List<SourceUpdate> updates = new ArrayList<>();
    changed.forEach(
        (key, entry) -> {
          if (entry.isPresent()) {
            if (!entry.get().equals(told.put(key, entry.get()))) {
              updates.add(new Upsert(entry.get()));
            }
          } else if (told.remove(key) != null) {
            updates.add(new Remove(key));
          }
        });
    return updates;
  }

  /** All of it. */
  public List<SourceEntry> all() {
    return List.copyOf(told.values());
  }

  /** Has it that exactly this was told. */
  public void replace(List<SourceEntry> entries) {
    told.clear();
    entries.forEach(entry -> told.put(entry.key(), entry));
  }
}
