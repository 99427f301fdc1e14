package dev.sluice.policy.parse;

import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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
   * @param value the record, where there is no error
   * @param positions where each value stands in the text, by JSON path
   * @param problems all that is wrong, sorted
   */
  public record Bound<T extends Record>(
      Optional<T> value, Map<String, Location> positions, List<Problem> problems) {
    public Bound {
      Objects.requireNonNull(value);
      positions = Map.copyOf(positions);
      problems = problems.stream().sorted().toList();
    }
  }

  /**
   * Reads a text of one document; a text without any is read as an empty mapping.
   *
   * @param type the record
   * @param file how problems name the text
   * @param text YAML 1.2
   * @return the record or what is wrong; never throws for what the text holds
   */
  public static <T extends Record> Bound<T> read(Class<T> type, String file, String text) {
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
      return new Bound<>(Optional.empty(), Map.of(), problems);
    }
    YamlNode root =
        yaml.documents().isEmpty()
            ? new YamlNode.Mapping(new Location(file, 1, 1), List.of())
            : yaml.documents().getFirst().root();
    Findings findings = new Findings();
    Optional<T> value = new Binder(findings).bind(type, root, JsonPath.ROOT);
    problems.addAll(findings.problems());
    return new Bound<>(
        Problem.anyError(problems) ? Optional.empty() : value, findings.positions(), problems);
  }
}
