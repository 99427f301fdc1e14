package dev.sluice.server.snapshot;

import dev.sluice.catalog.ServiceId;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One of the things that brought a revision about.
 *
 * @param kind of what
 * @param name of the document, service or secret
 * @param text what became of it, for people to read
 * @param services those that it is about
 */
public record Reason(Kind kind, String name, String text, SortedSet<ServiceId> services) {
  public Reason {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(name);
    Objects.requireNonNull(text);
    services = Collections.unmodifiableSortedSet(new TreeSet<>(services));
  }

  /** What it may be. */
  public enum Kind {
    DOCUMENT,
    SERVICE,
    SECRET,
    ROLLBACK,
    ROLLOUT
  }
}
