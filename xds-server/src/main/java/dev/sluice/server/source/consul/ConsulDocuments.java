package dev.sluice.server.source.consul;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.Beginnings;
import dev.sluice.server.source.Observed;
import dev.sluice.server.source.TextFacts;
import dev.sluice.server.source.TextState;
import dev.sluice.server.source.consul.Reply.KeyValue;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The documents of a data centre: values of keys, as files would hold them. */
final class ConsulDocuments {
  private final SourceName source;
  private final DocumentReader reader;
  private final Duration hold;
  private final TextFacts facts;
  private final Map<String, Held> values = new TreeMap<>();
  private final SortedMap<String, Observed> observed = new TreeMap<>();
  private SortedMap<String, Observed> shown = new TreeMap<>();
  private boolean doubtful;

  /**
   * What a key holds.
   *
   * @param base64 its value
   * @param modifyIndex which edition of the key this is
   * @param since when the value was seen first
   */
  private record Held(String base64, long modifyIndex, Instant since) {}

  /**
   * None yet.
   *
   * @param hold how long documents stay that a Consul lacks whose index went backwards
   */
  ConsulDocuments(SourceName source, DocumentReader reader, Duration hold) {
    this.source = source;
    this.reader = reader;
    this.hold = hold;
    this.facts = new TextFacts(source);
  }

  /**
   * These are all keys now.
   *
   * @param doubtful whether what is missing may only not be known yet
   */
  void keys(List<KeyValue> keys, boolean doubtful, long at, Instant wall) {
    Set<String> gone = new HashSet<>(values.keySet());
    for (KeyValue one : keys) {
      if (!one.key().endsWith("/")) { // A folder, as Consul's page makes them.
        gone.remove(one.key());
        String value = one.value() == null ? "" : one.value();
        Held before = values.get(one.key());
        Instant since = before != null && before.base64().equals(value) ? before.since() : wall;
        Held held = new Held(value, one.modifyIndex(), since);
        if (!held.equals(before)) {
          values.put(one.key(), held);
          put(one.key(), held, at);
        }
      }
    }
    for (String key : gone) {
      values.remove(key);
      String name = name(key);
      facts.put(name, facts.text(name).gone(at));
    }
    this.doubtful = (doubtful || this.doubtful) && facts.leavingSince().isPresent();
    settle(at);
    shown = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
  }

  private void put(String key, Held held, long at) {
    String name = name(key);
    TextState before = facts.text(name);
    try {
      Reading reading = edition(reader.read(name, text(held.base64())), held);
      facts.put(name, before.read(reading, at));
      observe(key, held, reading.problems(), reading.items());
    } catch (CharacterCodingException e) {
      Problem problem =
          Problem.error(
              Location.ofFile(name), "$", "the value is not UTF-8; write it in that encoding");
      facts.put(name, before.unreadable(problem, at));
      observe(key, held, List.of(problem), List.of());
    }
  }

  /** The edition of a document is that of its key, whichever document in it was changed. */
  private static Reading edition(Reading reading, Held held) {
    List<Item> items =
        reading.items().stream()
            .map(item -> item.with(document -> document.at(edition(document.origin(), held))))
            .toList();
    return Beginnings.of(new Reading(items, reading.complete(), reading.problems()), held.since());
  }

  private static Origin edition(Origin origin, Held held) {
    return new Origin(origin.start(), origin.positions(), held.modifyIndex());
  }

  private void observe(String key, Held held, List<Problem> problems, List<Item> items) {
    SortedMap<DocumentKey, List<Problem>> documents = new TreeMap<>();
    for (Item item : items) {
      item.key().ifPresent(document -> documents.putIfAbsent(document, item.problems()));
    }
    // Of a Consul that began anew the same index may stand for another value.
    String uid = Integer.toHexString(held.base64().hashCode());
    observed.put(key, new Observed(name(key), held.modifyIndex(), uid, problems, documents));
  }

  private static String text(String base64) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
        .toString();
  }

  /** How problems name a key. */
  private String name(String key) {
    return source + "/" + key;
  }

  private void settle(long at) {
    facts.settle(doubtful ? at - hold.toNanos() : at);
    doubtful = doubtful && facts.leavingSince().isPresent();
    if (observed.size() > values.size()
        && observed.keySet().removeIf(key -> !values.containsKey(key) && !holds(key))) {
      shown = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
    }
  }

  /** Whether documents of a key are in force: also of one that is gone, while that is doubted. */
  private boolean holds(String key) {
    return !facts.text(name(key)).isEmpty();
  }

  /** What to tell; counts as told from here on. */
  List<SourceUpdate> take(long at) {
    settle(at);
    return facts.take();
  }

  /** What was told of that key; empty where it was not, or is gone. */
  Optional<SourceEntry> told(SourceEntry.Key key) {
    return facts.told(key);
  }

  /** Everything that was told. */
  List<SourceEntry> told() {
    return facts.told();
  }

  /**
   * What each key holds, whether it is good or not; another map after each change. While it is
   * doubted that a key is gone it is among them.
   */
  SortedMap<String, Observed> observed() {
    return shown;
  }

  /** What is wrong with them. */
  List<Problem> problems() {
    return facts.problems();
  }

  /** When to look again though nothing arrives. */
  OptionalLong next() {
    OptionalLong since = facts.leavingSince();
    return since.isPresent() ? OptionalLong.of(since.getAsLong() + hold.toNanos()) : since;
  }
}
