package dev.sluice.server.conditions;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What a replica tells the one that writes statuses: how its own proxies are with each document.
 *
 * @param beat another number each time, so that one can see that the replica lives
 * @param documents all that the replica has read, by {@link PlaceStanding#document}
 * @param rollouts those that go on, by their policies
 * @param reading whether the replica has just begun, so that it tells of rollouts alone
 */
record ReplicaReport(
    long beat,
    SortedMap<String, Tally> documents,
    SortedMap<String, RolloutTally> rollouts,
    boolean reading) {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Beyond these a status says no more by more refusals, and a report has to stay small. */
  private static final int MOST_REFUSALS = 5;

  private static final int LONGEST_REFUSAL = 500;

  ReplicaReport {
    documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
    rollouts = // An earlier version of the server tells of none.
        Collections.unmodifiableSortedMap(
            new TreeMap<>(Objects.requireNonNullElse(rollouts, Collections.emptySortedMap())));
  }

  ReplicaReport(long beat, SortedMap<String, Tally> documents) {
    this(beat, documents, Collections.emptySortedMap(), false);
  }

  static ReplicaReport of(
      long beat, Map<String, Tally> tallies, SortedMap<String, RolloutTally> rollouts) {
    SortedMap<String, Tally> documents = new TreeMap<>();
    tallies.forEach((document, tally) -> documents.put(document, brief(tally)));
    return new ReplicaReport(beat, documents, rollouts, false);
  }

  /** The report of a replica that has just begun. */
  static ReplicaReport ofRollouts(long beat, SortedMap<String, RolloutTally> rollouts) {
    return new ReplicaReport(beat, Collections.emptySortedMap(), rollouts, true);
  }

  /** The same of rollouts alone: of documents it is not known then that the replica has them. */
  ReplicaReport withoutDocuments() {
    return new ReplicaReport(beat, Collections.emptySortedMap(), rollouts, reading);
  }

  /** The same without the names of proxies that do not refuse. */
  ReplicaReport withoutNames() {
    SortedMap<String, RolloutTally> shorter = new TreeMap<>();
    rollouts.forEach((policy, tally) -> shorter.put(policy, tally.withoutNames()));
    return new ReplicaReport(beat, documents, shorter, reading);
  }

  /** Whether it differs from {@code other} in nothing but its beat. */
  boolean isAllBut(ReplicaReport other) {
    return documents.equals(other.documents)
        && rollouts.equals(other.rollouts)
        && reading == other.reading;
  }

  private static Tally brief(Tally tally) {
    List<String> refused =
        tally.refused().stream().limit(MOST_REFUSALS).map(ReplicaReport::brief).toList();
    return new Tally(
        tally.edition(), tally.acknowledged(), tally.concerned(), refused, tally.spreading());
  }

  static String brief(String text) {
    int end = Math.min(LONGEST_REFUSAL, text.length());
    boolean cut = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    return text.substring(0, cut ? end - 1 : end);
  }

  /** As it is left: JSON, compressed, in base64. */
  String text() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      JSON.writeValue(zipped, this);
    } catch (IOException e) {
      throw new UncheckedIOException("a record is not JSON", e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads {@link #text}.
   *
   * @throws IOException where it is something else
   */
  static ReplicaReport read(String text) throws IOException {
    try (GZIPInputStream bytes =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
      return JSON.readValue(bytes, ReplicaReport.class);
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }
}
