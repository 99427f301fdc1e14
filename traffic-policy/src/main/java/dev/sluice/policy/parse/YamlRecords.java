package dev.sluice.policy.parse;

import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.spec.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * YAML text to one record in the style of {@code dev.sluice.spec}: what a record's components are
 * named and annotated with is all that its YAML may hold. A component is written under its name or
 * its {@code @Key}; one that is not {@code @Required} may be left out, which gives an empty list or
 * map, and null for everything else.
 */
public final class YamlRecords {
  private YamlRecords() {}

  /**
   * A record that was read.
   *
   * @param value the record; without what is wrong, if {@code problems} has an error
   * @param origin where each value stands in the text, by JSON path
   * @param lost paths of the values that were given and could not be read
   * @param problems all that is wrong, sorted
   */
  public record Bound<T extends Record>(
      Optional<T> value, Origin origin, SortedSet<String> lost, List<Problem> problems) {
    public Bound {
      Objects.requireNonNull(value);
      Objects.requireNonNull(origin);
      lost = Collections.unmodifiableSortedSet(new TreeSet<>(lost));
      problems = problems.stream().sorted().toList();
    }
  }

  /**
   * Reads a text of one document; a text without any is read as an empty mapping.
   *
   * <p>In values, but not in keys, <code>${NAME}</code> stands for a variable, <code>
   * ${NAME:-text}</code> for the text where the variable is unset or empty, and <code>$${</code>
   * for the two characters. What a variable holds is one value: it is not read as YAML.
   *
   * @param type the record
   * @param file how problems name the text
   * @param text YAML 1.2
   * @param variables the values of variables by their names
   * @return the record or what is wrong; never throws for what the text holds
   */
  public static <T extends Record> Bound<T> read(
      Class<T> type, String file, String text, Map<String, String> variables) {
    YamlText yaml = YamlText.read(file, text);
    List<Problem> problems = new ArrayList<>(yaml.problems());
    if (yaml.documents().size() > 1) {
      problems.add(
          Problem.error(
              yaml.documents().get(1).root().location(),
              JsonPath.ROOT,
              "only one document is read here; remove the others"));
    }
    if (Problem.anyError(problems)) {
      return new Bound<>(
          Optional.empty(),
          Origin.of(Location.ofFile(file)),
          Collections.emptySortedSet(),
          problems);
    }
    YamlNode root =
        yaml.documents().isEmpty()
            ? new YamlNode.Mapping(new Location(file, 1, 1), List.of())
            : yaml.documents().getFirst().root();
    Findings findings = new Findings();
    Optional<T> value =
        new Binder(findings, new Variables(variables)).bind(type, root, JsonPath.ROOT);
    problems.addAll(findings.problems());
    Origin origin = new Origin(root.location(), findings.positions());
    return new Bound<>(value, origin, findings.lost(), problems);
  }
}
