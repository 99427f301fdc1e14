package dev.sluice.policy.parse;

import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The YAML parser's complaints in the words of somebody who looks at the file. */
final class SyntaxErrors {
  private static final Pattern NO_TOKEN = Pattern.compile("found character '(.+?)' that cannot.*");
  private static final Pattern ESCAPE = Pattern.compile("found unknown escape character (.*)");

  private SyntaxErrors() {}

  /**
   * The problem that a parser's exception stands for.
   *
   * @param reached how far the parser had come, for the exceptions that do not say where
   */
  static Problem problem(String file, YamlEngineException e, Location reached) {
    if (!(e instanceof MarkedYamlEngineException marked)) {
      return Problem.error(
          reached,
          JsonPath.ROOT,
          "is not valid YAML here or soon after; look for a bracket, brace or quote that is left open");
    }
    Location location =
        marked
            .getProblemMark()
            .or(marked::getContextMark)
            .map(mark -> Composer.location(file, mark))
            .orElse(reached);
    return Problem.error(location, JsonPath.ROOT, "YAML: " + message(marked));
  }

  private static String message(MarkedYamlEngineException e) {
    String context = e.getContext() == null ? "" : e.getContext();
    String problem = e.getProblem() == null ? "" : e.getProblem();
    String opened = e.getContextMark().map(SyntaxErrors::place).orElse("above");
    if (context.contains("quoted scalar")) {
      return quoted(problem, opened);
    }
    if (context.contains("flow sequence")) {
      return "the list opened with \"[\" at " + opened + " needs \",\" or \"]\" before this";
    }
    if (context.contains("flow mapping")) {
      return "the mapping opened with \"{\" at " + opened + " needs \",\" or \"}\" before this";
    }
    if (context.contains("block mapping")) {
      return "this does not continue the mapping that begins at "
          + opened
          + "; write \"key: value\", indented as that is";
    }
    if (context.contains("block collection")) {
      return "this does not continue the list that begins at "
          + opened
          + "; write \"- item\", indented as that is";
    }
    return unplaced(context, problem, opened);
  }

  private static String quoted(String problem, String opened) {
    Matcher escape = ESCAPE.matcher(problem);
    if (escape.matches()) {
      return "\"\\"
          + firstOf(escape.group(1))
          + "\" is no escape in double quotes; write a"
          + " backslash as \\\\, or use single quotes";
    }
    if (problem.contains("unexpected end of stream") || problem.contains("document separator")) {
      return "the quote opened at " + opened + " is not closed";
    }
    return "in the quoted text that begins at " + opened + ": " + oneLine(problem);
  }

  private static String unplaced(String context, String problem, String opened) {
    Matcher noToken = NO_TOKEN.matcher(problem);
    if (noToken.matches()) {
      return noToken.group(1).contains("TAB")
          ? "a tab cannot indent; use spaces"
          : "text cannot begin with " + noToken.group(1) + "; put it in quotes";
    }
    if (problem.contains("(TAB)")) {
      return "a tab cannot indent; use spaces";
    }
    return switch (problem) {
      case "mapping values are not allowed here" ->
          "\": \" cannot stand here; put text that holds it in quotes, or correct the indentation";
      case "mapping keys are not allowed here" ->
          "\"? \" cannot stand here; put text that begins with it in quotes";
      case "sequence entries are not allowed here" ->
          "\"- \" cannot begin a list here; begin it on a line of its own";
      case "could not find expected ':'" ->
          "the key at " + opened + " has no \":\" after it; write \"key: value\"";
      default ->
          problem.startsWith("expected '<document start>'")
              ? "this does not belong to the document above; correct the indentation, or separate"
                  + " documents with ---"
              : "not valid: " + oneLine((context + " " + problem).strip());
    };
  }

  private static String firstOf(String text) {
    return text.isEmpty() ? "" : text.substring(0, text.offsetByCodePoints(0, 1));
  }

  private static String place(Mark mark) {
    return (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }

  private static String oneLine(String message) {
    return message.lines().findFirst().orElse("").strip();
  }
}
