package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A proxy refused several things at once without saying which: it, and nobody else, is sent them
 * once more, one at a time. What it accepts is served again.
 *
 * <p>Its feed's lock guards it.
 */
final class Trial {
  private final AdsStream stream;
  private final List<Suspect> suspects;
  private final long until;
  private @Nullable Edition edition;

  /**
   * The trial of the first of {@code suspects}.
   *
   * @param until when it ends without an answer
   */
  Trial(AdsStream stream, List<Suspect> suspects, long until) {
    this.stream = stream;
    this.suspects = List.copyOf(suspects);
    this.until = until;
  }

  /** When it ends without an answer. */
  long until() {
    return until;
  }

  /** Whether {@code other} is to be served the trial's edition. */
  boolean isFor(AdsStream other) {
    return edition != null && isOn(other);
  }

  /** Whether {@code other} is who tries. */
  @SuppressWarnings("ReferenceEquality")
  boolean isOn(AdsStream other) {
    return stream == other;
  }

  /** The same on another stream, from what is tried now on. */
  Trial movedTo(AdsStream other, long until) {
    return new Trial(other, suspects, until);
  }

  /** The same, and {@code more} after it. */
  Trial with(List<Suspect> more) {
    Trial longer =
        new Trial(stream, Stream.concat(suspects.stream(), more.stream()).toList(), until);
    longer.edition = edition;
    return longer;
  }

  /** What is tried now. */
  Suspect suspect() {
    return suspects.getFirst();
  }

  /** Whether {@code suspect} is tried, or will be. */
  boolean isOf(Suspect suspect) {
    return suspects.contains(suspect);
  }

  /** Whether who tries it is served it. */
  boolean isShown() {
    return edition != null;
  }

  void show(Edition tried) {
    edition = tried;
  }

  Edition edition() {
    return Objects.requireNonNull(edition);
  }

  /** Whether a response of these changes brought what is tried. */
  boolean isIn(ResourceType type, Changes changes) {
    if (edition == null || type != suspect().type()) {
      return false;
    }
    Optional<Resource> tried = edition.snapshot().resource(type, suspect().name());
    return tried.isPresent() && changes.put().contains(tried.get());
  }

  /** The trial of what is left; null when nothing is. */
  @Nullable Trial next(long until) {
    return suspects.size() == 1
        ? null
        : new Trial(stream, suspects.subList(1, suspects.size()), until);
  }
}
