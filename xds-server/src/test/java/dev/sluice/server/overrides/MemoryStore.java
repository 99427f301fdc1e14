package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A store whose source reads at once what is written. */
public final class MemoryStore implements OverrideStore {
  private final SourceName source;
  private final BiConsumer<SourceName, SourceUpdate> sink;

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
    String place = place(drain.key(), before, beside);
    sink.accept(source, new Upsert(new OfDocument(read(place, drain.yaml()))));
    return drain;
  }

  @Override
  public void remove(InstanceOverride written) {
    sink.accept(source, new Remove(new OfDocumentKey(written.key())));
  }

  @Override
  public void close() {}
}
