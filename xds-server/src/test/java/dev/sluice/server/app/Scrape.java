package dev.sluice.server.app;

import dev.sluice.server.meters.Label;
import dev.sluice.server.meters.Meter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a scrape tells.
 *
 * @param families each family: its form, labels and meaning
 * @param samples each sample's value by its name and labels
 */
record Scrape(SortedMap<String, Family> families, Map<String, Double> samples) {
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
  private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum)$");

  /**
   * Samples of one name.
   *
   * @param labels those that at least one of them has
   */
  record Family(String form, SortedSet<String> labels, String meaning) {}

  static Scrape of(String text) {
    Map<String, String> help = new HashMap<>();
    Map<String, String> type = new HashMap<>();
    Map<String, SortedSet<String>> labels = new HashMap<>();
    Map<String, Double> samples = new HashMap<>();
    text.lines()
        .forEach(
            line -> {
              if (line.startsWith("# ")) {
                String[] parts = line.split(" ", 4);
                (parts[1].equals("HELP") ? help : type)
                    .put(parts[2], parts.length > 3 ? parts[3] : "");
              } else {
                int space = line.lastIndexOf(' ');
                String sample = line.substring(0, space);
                samples.put(sample, Double.parseDouble(line.substring(space + 1)));
                String name = sample.replaceFirst("\\{.*", "");
                String family =
                    type.containsKey(name) ? name : SUFFIX.matcher(name).replaceFirst("");
                Set<String> own =
                    LABEL
                        .matcher(sample)
                        .results()
                        .map((MatchResult match) -> match.group(1))
                        .filter(label -> !label.equals("le"))
                        .collect(Collectors.toSet());
                labels.computeIfAbsent(family, _ -> new TreeSet<>()).addAll(own);
              }
            });
    SortedMap<String, Family> families = new TreeMap<>();
    type.forEach(
        (name, form) ->
            families.put(
                name,
                new Family(
                    form,
                    labels.getOrDefault(name, new TreeSet<>()),
                    Objects.requireNonNullElse(help.get(name), ""))));
    return new Scrape(families, samples);
  }

  /** What a scrape should tell of the declared meters. */
  static SortedMap<String, Family> declared() {
    SortedMap<String, Family> families = new TreeMap<>();
    for (Meter meter : Meter.values()) {
      SortedSet<String> labels =
          meter.labels().stream().map(Label::word).collect(Collectors.toCollection(TreeSet::new));
      String form = meter.form().name().toLowerCase(Locale.ROOT);
      String name = meter.prometheusName();
      families.put(name, new Family(form, labels, meter.description()));
      if (meter.form() == Meter.Form.SUMMARY || meter.form() == Meter.Form.HISTOGRAM) {
        families.put(name + "_max", new Family("gauge", labels, meter.description()));
      }
    }
    return families;
  }

  SortedMap<String, Family> families(String prefix) {
    SortedMap<String, Family> some = new TreeMap<>();
    families.forEach(
        (name, family) -> {
          if (name.startsWith(prefix)) {
            some.put(name, family);
          }
        });
    return some;
  }

  Set<String> names() {
    return families.keySet();
  }

  double value(String sample) {
    return Objects.requireNonNull(samples.get(sample), sample);
  }
}
