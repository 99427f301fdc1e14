package dev.sluice.spec;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import org.pcollections.TreePMap;

/** The immutable set of all valid documents, sorted by key; a changed set shares what is equal. */
public final class Documents {
  /** No documents. */
  public static final Documents EMPTY = new Documents(TreePMap.empty());

  private final TreePMap<DocumentKey, Document> documents;

  private Documents(TreePMap<DocumentKey, Document> documents) {
    this.documents = documents;
  }

  /** The set of {@code documents}; of two with the same key the later one counts. */
  public static Documents of(Collection<? extends Document> documents) {
    Documents all = EMPTY;
    for (Document document : documents) {
      all = all.with(document);
    }
    return all;
  }

  /** This set with {@code document} in place of the one with its key. */
  public Documents with(Document document) {
    return new Documents(documents.plus(document.key(), document));
  }

  /** This set without the document {@code key}. */
  public Documents without(DocumentKey key) {
    return new Documents(documents.minus(key));
  }

  /** The document of that key, if there is one. */
  public Optional<Document> document(DocumentKey key) {
    return Optional.ofNullable(documents.get(key));
  }

  /** All documents by key; not modifiable. */
  public SortedMap<DocumentKey, Document> all() {
    return documents;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Documents that && documents.equals(that.documents);
  }

  @Override
  public int hashCode() {
    return documents.hashCode();
  }

  @Override
  public String toString() {
    return "Documents" + documents.keySet();
  }
}
