package dev.sluice.policy.parse;

import dev.sluice.policy.parse.YamlNode.Entry;
import dev.sluice.policy.parse.YamlNode.Mapping;
import dev.sluice.policy.parse.YamlNode.Scalar;
import dev.sluice.policy.parse.YamlNode.Sequence;
import dev.sluice.policy.parse.YamlNode.Unresolved;
import dev.sluice.problem.JsonPath;
import dev.sluice.spec.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Mappings with keys that are not ours. */
final class Trees {
  private Trees() {}

  /** The tree of {@code mapping}, with the positions of all its values. */
  static Tree of(Mapping mapping, String path, Findings findings) {
    SortedMap<String, Object> fields = new TreeMap<>();
    for (Entry entry : mapping.entries()) {
      String key = entry.key().text();
      String at = JsonPath.key(path, key);
      Object value = value(entry.value(), at, findings);
      // A key that is wrong is what is to be looked at, rather than its value.
      findings.position(at, entry.key().location());
      fields.put(key, value);
    }
    return new Tree(fields);
  }

  private static Object value(YamlNode node, String path, Findings findings) {
    findings.position(path, node.location());
    return switch (node) {
      case Mapping mapping -> of(mapping, path, findings);
      case Sequence(var _, List<YamlNode> items) -> {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
          list.add(value(items.get(i), JsonPath.index(path, i), findings));
        }
        yield List.copyOf(list);
      }
      case Scalar scalar -> scalar(scalar);
      case Unresolved _ -> {
        findings.lost(path);
        yield Tree.Removal.REMOVED;
      }
    };
  }

  private static Object scalar(Scalar scalar) {
    return switch (scalar.type()) {
      case STRING -> scalar.text();
      case BOOLEAN -> Boolean.parseBoolean(scalar.text());
      case INTEGER, DECIMAL -> number(scalar.text());
      case NULL -> Tree.Removal.REMOVED;
    };
  }

  /** What no decimal number writes, such as infinity and octals, stays text. */
  private static Object number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
