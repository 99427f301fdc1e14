package dev.sluice.server.conditions;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How proxies are with one edition of a document: those of one replica, or of several.
 *
 * @param edition which edition; of one that was made again under its name, another; empty for one
 *     that is on its way to the proxies
 * @param acknowledged proxies that use what the document makes as it is now
 * @param concerned proxies that subscribe to something of it
 * @param refused what proxies refused of it, in their words
 * @param spreading why it has come to some proxies only (rollout); null where it comes to all
 */
record Tally(
    String edition,
    int acknowledged,
    int concerned,
    List<String> refused,
    @Nullable String spreading) {
  private static final String LATE = "a replica of the server has not read it yet";

  /** So much of an object's uid tells it from another of its name. */
  private static final int UID_CHARACTERS = 8;

  Tally {
    Objects.requireNonNull(edition);
    refused = List.copyOf(refused);
  }

  /** The edition of an object that has this generation. */
  static String edition(String uid, long generation) {
    return uid.substring(0, Math.min(UID_CHARACTERS, uid.length())) + "/" + generation;
  }

  /** Nothing is known of any proxy. */
  static Tally nothing(String edition) {
    return new Tally(edition, 0, 0, List.of(), null);
  }

  /** The same for the time until the streams have the edition: no proxy has acknowledged it. */
  Tally onItsWay() {
    return new Tally("", 0, concerned, List.of(), null);
  }

  /**
   * This with the proxies of another replica. Where that one has another edition, its proxies have
   * not acknowledged this one, and more of them may be concerned than it knows by now.
   */
  Tally plus(Tally other) {
    if (!edition.equals(other.edition)) {
      return new Tally(edition, acknowledged, concerned + other.concerned, refused, LATE);
    }
    return new Tally(
        edition,
        acknowledged + other.acknowledged,
        concerned + other.concerned,
        Stream.concat(refused.stream(), other.refused.stream()).toList(),
        spreading == null ? other.spreading : spreading);
  }

  /** The same where it is not known whether that is all. */
  Tally butNotAll(String why) {
    return new Tally(edition, acknowledged, concerned, refused, why);
  }
}
