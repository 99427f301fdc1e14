package dev.sluice.server.demo;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What the demo runs with.
 *
 * @param envoy the Envoy to run
 * @param examples where the quickstart's documents are
 * @param documents where its own copy of them goes: made if it is missing, else empty
 * @param keep whether the copy stays when the demo ends
 * @param work an existing directory for logs and the like; deleted at the end
 */
public record DemoSettings(Path envoy, Path examples, Path documents, boolean keep, Path work) {
  public DemoSettings {
    Objects.requireNonNull(envoy);
    Objects.requireNonNull(examples);
    Objects.requireNonNull(documents);
    Objects.requireNonNull(work);
  }
}
