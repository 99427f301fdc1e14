package dev.sluice.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code sluice validate}.
 *
 * @param path of the value within its document
 * @param message without the mark of a warning
 */
record ToldProblem(String path, String message) {
  private static final Pattern LINE = Pattern.compile("\\S+ (\\$.*?): (?:warning: )?(.*)");

  /** A document of an API server has no lines, so a value is referred to by its path there. */
  private static final Pattern PLACE = Pattern.compile("in line \\d+");

  /** The lines of a file. */
  static List<ToldProblem> of(Path file) {
    return CustomResourceFiles.text(file).lines().map(ToldProblem::of).toList();
  }

  private static ToldProblem of(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(line);
    }
    return new ToldProblem(matcher.group(1), matcher.group(2));
  }

  /** Whether an answer says the same, be it the webhook's or the API server's. */
  boolean isIn(String answer) {
    return words(path + ": ", message).matcher(answer).find() || isRuleIn(answer);
  }

  /** A rule has the place beside its words, and does not repeat a number that is there too. */
  private boolean isRuleIn(String answer) {
    String rest = message.matches("-?\\d+ is .*") ? message.replaceFirst("\\S+ ", "") : message;
    String own = pathOfApiServer();
    String parent = own.replaceFirst("[.\\[][^.\\[]*$", "");
    return Pattern.compile(
            "(?:%s|%s): Invalid value: (?:\\S+: )?%s"
                .formatted(Pattern.quote(own), Pattern.quote(parent), Pattern.quote(rest)))
        .matcher(answer)
        .find();
  }

  /** The path as the API server writes it, without brackets around a mapping's keys. */
  String pathOfApiServer() {
    return path.replaceFirst("^\\$\\.?", "").replaceAll("\\[\"([^\"]*)\"]", ".$1");
  }

  private static Pattern words(String before, String message) {
    Matcher place = PLACE.matcher(message);
    StringBuilder pattern = new StringBuilder(Pattern.quote(before));
    int end = 0;
    while (place.find()) {
      pattern.append(Pattern.quote(message.substring(end, place.start()))).append("at \\$\\S+?");
      end = place.end();
    }
    return Pattern.compile(pattern.append(Pattern.quote(message.substring(end))).toString());
  }
}
