package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Content in quarantine, as it can be found again in what is published.
 *
 * @param what the content, who refused it, and why
 * @param isTried false while it is only known that it, or something that came along with it, was
 *     refused
 * @param content whether a resource of its type and name has it
 */
public record Withheld(Quarantined what, boolean isTried, Predicate<Resource> content) {
  public Withheld {
    Objects.requireNonNull(what);
    Objects.requireNonNull(content);
  }

  /** Whether it is a part of {@code resource}, or all of it. */
  public boolean isIn(Resource resource) {
    return what.type() == resource.type()
        && what.name().equals(resource.name())
        && content.test(resource);
  }

  /** Whether a document had a part in it; {@code document} is its key. */
  public boolean isOf(String document) {
    return what.documents().stream()
        .anyMatch(one -> one.equals(document) || one.startsWith(document + " ("));
  }
}
