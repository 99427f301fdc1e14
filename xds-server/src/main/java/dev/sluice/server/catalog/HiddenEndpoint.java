package dev.sluice.server.catalog;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.SourceName;
import java.util.Objects;

/**
 * An endpoint that a source told of and that does not count, since another has its place.
 *
 * @param endpoint as its source told it, its ports by the names that the merged service has
 * @param by the source whose word counts in its place
 */
public record HiddenEndpoint(Endpoint endpoint, SourceName by) {
  public HiddenEndpoint {
    Objects.requireNonNull(endpoint);
    Objects.requireNonNull(by);
  }
}
