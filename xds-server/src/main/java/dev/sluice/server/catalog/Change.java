package dev.sluice.server.catalog;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.SourceName;
import dev.sluice.secret.Secrets;
import dev.sluice.secret.SecretsDelta;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.DocumentsDelta;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One change of the catalog, the documents or the secrets, as it is told to the pipeline.
 *
 * @param catalog the difference in services since the change before
 * @param documents the difference in documents since the change before
 * @param secrets the difference in secrets since the change before
 * @param causes whom to thank for it
 */
public record Change(
    CatalogDelta catalog, DocumentsDelta documents, SecretsDelta secrets, Causes causes) {

  public Change {
    Objects.requireNonNull(catalog);
    Objects.requireNonNull(documents);
    Objects.requireNonNull(secrets);
    Objects.requireNonNull(causes);
  }

  /**
   * One that no source told: other documents are in force, beside the same services and secrets.
   *
   * @param because the documents to thank for it
   */
  public static Change ofDocuments(
      DocumentsDelta documents,
      Catalog catalog,
      Secrets secrets,
      SortedSet<DocumentKey> because,
      Instant at) {
    return new Change(
        CatalogDelta.none(catalog),
        documents,
        SecretsDelta.none(secrets),
        new Causes(Collections.emptySortedSet(), because, at));
  }

  /** Whether it leaves everything as it was; only the first change of all can. */
  public boolean isEmpty() {
    return catalog.isEmpty() && documents.isEmpty() && secrets.isEmpty();
  }

  /**
   * What brought a change about.
   *
   * @param sources who told it
   * @param documents documents that are new, differ or are gone
   * @param firstSeen when the oldest part of it arrived at the catalog
   */
  public record Causes(
      SortedSet<SourceName> sources, SortedSet<DocumentKey> documents, Instant firstSeen) {

    public Causes {
      Objects.requireNonNull(firstSeen);
      sources = Collections.unmodifiableSortedSet(new TreeSet<>(sources));
      documents = Collections.unmodifiableSortedSet(new TreeSet<>(documents));
    }
  }
}
