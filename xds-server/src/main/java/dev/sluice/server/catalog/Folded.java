package dev.sluice.server.catalog;

import dev.sluice.catalog.CatalogDelta;
import dev.sluice.secret.SecretsDelta;
import dev.sluice.spec.DocumentsDelta;
import java.util.Objects;

/**
 * What updates made of an image.
 *
 * @param image the image that is
 * @param catalog the difference in services
 * @param documents the difference in documents
 * @param secrets the difference in secrets
 * @param urgency how soon that difference has to be told
 */
public record Folded(
    CatalogImage image,
    CatalogDelta catalog,
    DocumentsDelta documents,
    SecretsDelta secrets,
    Urgency urgency) {

  public Folded {
    Objects.requireNonNull(image);
    Objects.requireNonNull(catalog);
    Objects.requireNonNull(documents);
    Objects.requireNonNull(secrets);
    Objects.requireNonNull(urgency);
  }
}
