package dev.sluice.server.pipeline;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Target;
import dev.sluice.spec.TrafficPolicy;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The policies and Gateways of an earlier revision, which hold in place of those that are told.
 * Services and overrides stay those that are told: the instances of then are not there any more,
 * and who is drained stays so.
 *
 * @param revision the revision that they are of
 * @param documents all that was in force in it
 * @param unreadable keys of those that were in force too, and that cannot be read any more: what is
 *     told of them holds
 * @param services those whose policies hold; empty for all services, and Gateways too
 * @param since when it began
 * @param until when it ends by itself
 * @param by who asked for it, as they say
 * @param reason why, or empty
 */
public record Pin(
    long revision,
    Documents documents,
    SortedSet<DocumentKey> unreadable,
    SortedSet<ServiceId> services,
    Instant since,
    Instant until,
    String by,
    String reason) {
  public Pin {
    Objects.requireNonNull(documents);
    unreadable = Collections.unmodifiableSortedSet(new TreeSet<>(unreadable));
    services = Collections.unmodifiableSortedSet(new TreeSet<>(services));
    Objects.requireNonNull(since);
    Objects.requireNonNull(until);
    Objects.requireNonNull(by);
    Objects.requireNonNull(reason);
  }

  /** What is to be in force of a document, of which {@code told} is what is told. */
  Optional<Document> inForce(DocumentKey key, Optional<Document> told) {
    if (!isPinned(key.kind()) || unreadable.contains(key)) {
      return told;
    }
    Optional<Document> then = documents.document(key);
    if (!services.isEmpty()) {
      boolean concerned = told.filter(this::isAbout).isPresent();
      then = then.filter(this::isAbout);
      if (!concerned && then.isEmpty()) {
        return told;
      }
    }
    // Its place in the texts is that of now, where they say the same.
    return told.isPresent() && then.filter(it -> says(it, told.get())).isPresent() ? told : then;
  }

  /** Whether documents of that kind are what a pin is about. */
  public static boolean isPinned(Kind kind) {
    return kind == Kind.TRAFFIC_POLICY || kind == Kind.GATEWAY;
  }

  private boolean isAbout(Document document) {
    return service(document).filter(it -> services.contains(it)).isPresent();
  }

  /** The one service that a document is a policy of. */
  public static Optional<ServiceId> service(Document document) {
    return document instanceof TrafficPolicy policy
            && !policy.spec().target().service().equals(Target.EVERY_SERVICE)
        ? Optional.of(
            ServiceId.parse(policy.spec().target().service(), policy.metadata().namespace()))
        : Optional.empty();
  }

  private static boolean says(Document one, Document other) {
    return one.equals(other.at(one.origin()));
  }

  /** {@code revision 12 until 2026-01-31T13:00:00Z}. */
  @Override
  public String toString() {
    return "revision " + revision + " until " + until;
  }
}
