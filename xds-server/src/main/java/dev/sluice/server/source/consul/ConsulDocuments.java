package dev.sluice.server.source.consul;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.Beginnings;
import dev.sluice.server.source.TextFacts;
import dev.sluice.server.source.TextState;
import dev.sluice.server.source.consul.Reply.KeyValue;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** The documents of a data centre: values of keys, as files would hold them. */
final class ConsulDocuments {
  private final SourceName source;
  private final DocumentReader reader;
  private final Duration hold;
  private final TextFacts facts;
  private final Map<String, String> values = new TreeMap<>();
  private boolean doubtful;

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
        if (!value.equals(values.put(one.key(), value))) {
          put(one.key(), value, at, wall);
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
  }

  private void put(String key, String value, long at, Instant wall) {
    String name = name(key);
    TextState before = facts.text(name);
    try {
      Reading reading = Beginnings.of(reader.read(name, text(value)), wall);
      facts.put(name, before.read(reading, at));
    } catch (CharacterCodingException e) {
      Problem problem =
          Problem.error(
              Location.ofFile(name), "$", "the value is not UTF-8; write it in that encoding");
      facts.put(name, before.unreadable(problem, at));
    }
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
