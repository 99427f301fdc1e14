package dev.sluice.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the machine allows: cores to pin to, open files. */
final class Machine {
  private static final Pattern OPEN_FILES =
      Pattern.compile("Max open files\\s+\\S+\\s+(\\d+|unlimited)");

  /** What a JVM opens besides the connections: classes, event loops, its own files. */
  private static final int OTHER_FILES = 300;

  private Machine() {}

  /** What to put before a command so that it keeps to {@code core}; empty where that cannot be. */
  static List<String> pin(int core) {
    return canPin() ? List.of("taskset", "-c", Integer.toString(core)) : List.of();
  }

  /** Whether there are two cores to pin to, and {@code taskset} to do it. */
  static boolean canPin() {
    return Runtime.getRuntime().availableProcessors() > 1
        && List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "taskset")));
  }

  /** Why so many connections cannot be had; nothing if they can. */
  static Optional<String> tooMany(int connections) {
    long limit = openFiles();
    return connections + OTHER_FILES <= limit
        ? Optional.empty()
        : Optional.of(
            "%d connections need %d open files in each process, and %d are allowed: raise it (ulimit -n %d) or measure fewer proxies"
                .formatted(
                    connections, connections + OTHER_FILES, limit, connections + OTHER_FILES));
  }

  /** The hard limit, up to which a JVM raises its own. */
  private static long openFiles() {
    try {
      Matcher matcher = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
      return matcher.find() && !matcher.group(1).equals("unlimited")
          ? Long.parseLong(matcher.group(1))
          : Long.MAX_VALUE;
    } catch (IOException e) {
      return Long.MAX_VALUE; // No /proc: the system itself will say it.
    }
  }
}
