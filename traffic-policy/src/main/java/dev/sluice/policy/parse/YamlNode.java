package dev.sluice.policy.parse;

import dev.sluice.problem.Location;
import java.util.List;

/** A value of a YAML document with the place where it begins. */
sealed interface YamlNode {
  /** Where the value begins. */
  Location location();

  /**
   * Text, a number, a boolean or nothing.
   *
   * @param text as written, without quotes; empty for nothing
   * @param type what the core schema of YAML 1.2 takes it for
   */
  record Scalar(Location location, String text, ScalarType type) implements YamlNode {}

  /** A list. */
  record Sequence(Location location, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Keys with values, in the order written; no key twice. */
  record Mapping(Location location, List<Entry> entries) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }
  }

  /** What an alias without an anchor stands for; a problem tells of it. */
  record Unresolved(Location location) implements YamlNode {}

  /** One key of a mapping with its value. */
  record Entry(Scalar key, YamlNode value) {}
}
