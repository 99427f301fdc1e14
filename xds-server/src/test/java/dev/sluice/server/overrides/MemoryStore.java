package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;

/** A store whose source reads at once what is written, unless it is told to lag. */
public final class MemoryStore implements OverrideStore {
  private final SourceName source;
  private final BiConsumer<SourceName, SourceUpdate> sink;
  private final Map<DocumentKey, InstanceOverride> kept = new ConcurrentSkipListMap<>();
  private final List<SourceUpdate> unread = new ArrayList<>();
  private boolean lagging;

  /** Is run before each write. */
  volatile Runnable beforeWrite = () -> {};

  volatile boolean blind;
  volatile boolean refusing;

  /** A store whose source tells {@code sink}. */
  public MemoryStore(SourceName source, BiConsumer<SourceName, SourceUpdate> sink) {
    this.source = source;
    this.sink = sink;
  }

  /** The one document in a text. */
  public static Document read(String place, String text) {
    DocumentParser.reader().read(place, text).problems().forEach(it -> fail(it.toString()));
    return DocumentParser.reader().read(place, text).items().getFirst().document().orElseThrow();
  }

  private static void fail(String problem) {
    throw new AssertionError(problem);
  }

  /** Has the source read nothing until {@link #catchUp}. */
  void lag() {
    lagging = true;
  }

  /** Has the source read what it has missed, and lag no more. */
  void catchUp() {
    lagging = false;
    unread.forEach(update -> sink.accept(source, update));
    unread.clear();
  }

  private void tell(SourceUpdate update) {
    if (lagging) {
      unread.add(update);
    } else {
      sink.accept(source, update);
    }
  }

  @Override
  public SourceName source() {
    return source;
  }

  @Override
  public String place(DocumentKey key, Optional<InstanceOverride> before, Optional<String> beside) {
    return key.name() + beside.map(file -> " beside " + file).orElse("");
  }

  @Override
  public Drain write(Drain drain, Optional<InstanceOverride> before, Optional<String> beside) {
    beforeWrite.run();
    InstanceOverride written =
        (InstanceOverride) read(place(drain.key(), before, beside), drain.yaml());
    kept.put(drain.key(), written);
    tell(new Upsert(new OfDocument(written)));
    return drain;
  }

  @Override
  public List<InstanceOverride> drains(String namespace, Collection<InstanceOverride> known) {
    if (blind) {
      throw new RefusedException(Why.STORE, source + ": out of reach");
    }
    return kept.values().stream().filter(it -> it.key().namespace().equals(namespace)).toList();
  }

  @Override
  public Removal remove(InstanceOverride written) {
    if (refusing) {
      throw new RefusedException(Why.STORE, source + ": it stays");
    }
    boolean there = kept.remove(written.key()) != null;
    tell(new Remove(new OfDocumentKey(written.key())));
    return there ? Removal.REMOVED : Removal.GONE_ALREADY;
  }

  @Override
  public void close() {}
}
