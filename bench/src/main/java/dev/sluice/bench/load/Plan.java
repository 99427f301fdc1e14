package dev.sluice.bench.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a workload is measured.
 *
 * @param warmUpStorms how often all connect before the time that counts; at least once, by a cold
 *     JVM
 * @param warmUp how many changes are pushed before those that count
 * @param pushes how many changes count
 * @param burst how many changes the burst has
 * @param window how many proxies connect at a time
 * @param serverCore the server's core
 * @param proxiesCore the proxies' core
 * @param serverJvm the server's JVM options
 * @param profiles where flight recordings of the pushes go; nothing for no recording
 */
record Plan(
    int warmUpStorms,
    int warmUp,
    int pushes,
    int burst,
    int window,
    int serverCore,
    int proxiesCore,
    List<String> serverJvm,
    Optional<Path> profiles) {
  Plan {
    if (warmUpStorms < 1 || warmUp < 0 || pushes < 1 || burst < 1 || window < 1) {
      throw new IllegalArgumentException(
          "--warm-up-storms, --pushes, --burst and --window must be positive, --warm-up not negative");
    }
    serverJvm = List.copyOf(serverJvm);
  }
}
