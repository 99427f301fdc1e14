package dev.sluice.policy.validate;

import dev.sluice.problem.Nearest;
import java.util.List;
import java.util.stream.Collectors;

/** What stands for something of the rollout in a query, such as <code>{{version}}</code>. */
final class Placeholders {
  private static final List<String> KNOWN =
      List.of("service", "namespace", "version", "cluster", "step");

  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  private Placeholders() {}

  static void check(At at, String query) {
    int open = query.indexOf(OPEN);
    while (open >= 0) {
      int close = query.indexOf(CLOSE, open);
      if (close < 0) {
        at.error("\"{{\" has no \"}}\" after it; write such as {{version}}");
        return;
      }
      known(at, query.substring(open + OPEN.length(), close));
      open = query.indexOf(OPEN, close + CLOSE.length());
    }
  }

  private static void known(At at, String name) {
    if (!KNOWN.contains(name)) {
      String hint =
          Nearest.to(name.strip(), KNOWN)
              .map(near -> "; did you mean " + written(near) + "?")
              .orElseGet(
                  () ->
                      KNOWN.stream()
                          .map(Placeholders::written)
                          .collect(Collectors.joining(", ", " (known: ", ")")));
      at.error("unknown placeholder " + written(name) + hint);
    }
  }

  private static String written(String name) {
    return OPEN + name + CLOSE;
  }
}
