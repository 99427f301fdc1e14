package dev.sluice.policy.parse;

import dev.sluice.policy.parse.YamlNode.Entry;
import dev.sluice.policy.parse.YamlNode.Mapping;
import dev.sluice.policy.parse.YamlNode.Scalar;
import dev.sluice.policy.parse.YamlNode.Sequence;
import dev.sluice.policy.parse.YamlNode.Unresolved;
import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * The parser's events composed to trees of {@link YamlNode}s, within the {@link Limits}.
 *
 * <p>The library's own composer is not used: it merges what aliases name without counting it, and
 * forgets whether a tag was written.
 */
final class Composer {
  private static final String CORE_TAG = "tag:yaml.org,2002:";

  private final String file;
  private final PlacedEvents events;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private List<Problem> problems = new ArrayList<>();
  private long values;

  /** What an anchor stands for, and how many values that is. */
  private record Anchored(YamlNode node, long values) {}

  Composer(String file, String text) {
    this.file = file;
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(Integer.MAX_VALUE).build();
    this.events = new PlacedEvents(file, new Parse(settings).parseString(text).iterator());
  }

  /** How far into the text it was read. */
  Location reached() {
    return events.reached();
  }

  /** Adds each document to {@code documents} as soon as it is read. */
  void readAll(List<YamlText.Document> documents) throws UnreadableText {
    int count = 0;
    while (events.hasNext()) {
      Event event = events.next();
      if (!(event instanceof DocumentStartEvent)) {
        continue;
      }
      if (++count > Limits.DOCUMENTS) {
        throw new UnreadableText(
            location(event),
            "holds more than " + Limits.DOCUMENTS + " documents; divide it into several files");
      }
      anchors.clear();
      problems = new ArrayList<>();
      YamlNode root = node(events.next(), JsonPath.ROOT, 0);
      while (!(events.next() instanceof DocumentEndEvent)) {}
      if (!isNothing(root) || !problems.isEmpty()) {
        documents.add(new YamlText.Document(root, problems));
      }
    }
  }

  private static boolean isNothing(YamlNode node) {
    return node instanceof Scalar scalar && scalar.type() == ScalarType.NULL;
  }

  private YamlNode node(Event event, String path, int depth) throws UnreadableText {
    count(event, 1);
    if (depth > Limits.DEPTH) {
      throw new UnreadableText(
          location(event), "is nested deeper than " + Limits.DEPTH + " levels; flatten it");
    }
    if (event instanceof AliasEvent alias) {
      return alias(alias, path);
    }
    long before = values;
    YamlNode node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar, path);
          case MappingStartEvent start -> mapping(start, path, depth);
          default -> sequence(event, path, depth);
        };
    if (event instanceof NodeEvent named) {
      Optional<String> anchor = named.getAnchor().map(name -> name.getValue());
      anchor.ifPresent(name -> anchors.put(name, new Anchored(node, values - before + 1)));
    }
    return node;
  }

  private void count(Event event, long more) throws UnreadableText {
    values += more;
    if (values > Limits.VALUES) {
      throw new UnreadableText(
          location(event),
          "holds more than "
              + Limits.VALUES
              + " values, counting what aliases repeat; make it smaller");
    }
  }

  private YamlNode alias(AliasEvent event, String path) throws UnreadableText {
    Anchored anchored = anchors.get(event.getAlias().getValue());
    if (anchored == null) {
      String name = event.getAlias().getValue();
      error(event, path, "*" + name + " names no anchor; write &" + name + " at a value above");
      return new Unresolved(location(event));
    }
    count(event, anchored.values());
    return anchored.node();
  }

  private YamlNode sequence(Event start, String path, int depth) throws UnreadableText {
    checkTag((CollectionStartEvent) start, "seq", path);
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
      items.add(node(event, JsonPath.index(path, items.size()), depth + 1));
    }
    return new Sequence(location(start), items);
  }

  private YamlNode mapping(MappingStartEvent start, String path, int depth) throws UnreadableText {
    checkTag(start, "map", path);
    Map<String, Location> seen = new HashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
      YamlNode key = node(event, path, depth + 1);
      String text = key instanceof Scalar scalar ? scalar.text() : "";
      YamlNode value = node(events.next(), JsonPath.key(path, text), depth + 1);
      if (!(key instanceof Scalar scalar) || scalar.type() == ScalarType.NULL) {
        error(event, path, "a key must be text; write \"key: value\"");
        continue;
      }
      Location first = seen.putIfAbsent(text, key.location());
      if (first != null) {
        problems.add(Problem.error(location(event), JsonPath.key(path, text), twice(text, first)));
        continue;
      }
      entries.add(new Entry(scalar, value));
    }
    return new Mapping(location(start), entries);
  }

  private static String twice(String key, Location first) {
    return "\"" + key + "\" is given twice, first in line " + first.line() + "; keep one of them";
  }

  private void checkTag(CollectionStartEvent event, String expected, String path) {
    String tag = event.getTag().orElse("!");
    if (!tag.equals("!") && !tag.equals(CORE_TAG + expected)) {
      error(event, path, notSupported(tag));
    }
  }

  private Scalar scalar(ScalarEvent event, String path) {
    return new Scalar(location(event), event.getValue(), type(event, path));
  }

  private ScalarType type(ScalarEvent event, String path) {
    ScalarType untagged =
        event.isPlain() ? ScalarType.ofPlain(event.getValue()) : ScalarType.STRING;
    if (event.getTag().isEmpty()) {
      return untagged;
    }
    String tag = event.getTag().get();
    return switch (tag.startsWith(CORE_TAG) ? tag.substring(CORE_TAG.length()) : tag) {
      case "!", "str" -> ScalarType.STRING;
      case "int", "float", "bool", "null" -> ScalarType.ofPlain(event.getValue());
      default -> {
        error(event, path, notSupported(tag));
        yield untagged;
      }
    };
  }

  private static String notSupported(String tag) {
    String written = tag.startsWith(CORE_TAG) ? "!!" + tag.substring(CORE_TAG.length()) : tag;
    return "the tag " + written + " means nothing here; remove it";
  }

  private void error(Event event, String path, String message) {
    problems.add(Problem.error(location(event), path, message));
  }

  private Location location(Event event) {
    return event.getStartMark().map(mark -> location(file, mark)).orElse(Location.ofFile(file));
  }

  static Location location(String file, Mark mark) {
    return new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
  }
}
