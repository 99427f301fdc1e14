package dev.sluice.server.history;

import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The documents in force while the lines of a history are read, one revision after another. */
final class PastDocuments {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  private final DocumentReader reader;
  private final Map<String, DocumentText> texts = new HashMap<>();

  /** Shares with the revision before what is equal. */
  private Documents documents = Documents.EMPTY;

  private final SortedSet<DocumentKey> unreadable = new TreeSet<>();

  PastDocuments(DocumentReader reader) {
    this.reader = reader;
  }

  /** Notes a text of which revisions to come may name the hash. */
  void text(String hash, DocumentText text) {
    texts.put(hash, text);
  }

  /** The next revision. */
  Past then(StoredRevision stored) {
    for (DocumentKey key : Keys.parse(stored.gone())) {
      documents = documents.without(key);
      unreadable.remove(key);
    }
    stored.put().forEach((key, hash) -> Keys.parse(key).ifPresent(it -> put(it, hash, stored)));
    SortedSet<DocumentKey> all = Keys.parse(stored.unreadable());
    all.addAll(unreadable);
    return new Past(stored.itself(), documents, all);
  }

  private void put(DocumentKey key, String hash, StoredRevision stored) {
    Optional<Document> document =
        Optional.ofNullable(texts.get(hash)).flatMap(text -> text.document(reader));
    if (document.isPresent()) {
      documents = documents.with(document.get());
      unreadable.remove(key);
      return;
    }
    documents = documents.without(key);
    unreadable.add(key);
    LOG.warn(
        "{} of revision {} is left out: {}",
        key,
        stored.revision(),
        texts.containsKey(hash) ? "this version does not take it" : "its text is not in the file");
  }
}
