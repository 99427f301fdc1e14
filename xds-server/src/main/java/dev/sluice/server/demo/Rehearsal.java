package dev.sluice.server.demo;

import static java.util.Locale.ROOT;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code demo --once}: the edits that a person would make, one by one, and what came of each. */
final class Rehearsal {
  private static final Duration MEASURED = Duration.ofSeconds(3);
  private static final Duration GOES_ON_SERVING = Duration.ofSeconds(1);
  private static final Duration IN_FORCE_WITHIN = Duration.ofMillis(500);
  private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(10);
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
  private static final String ROW = "%-18s %6s  %10s  %8s  %6s  %s";

  private final Stage.Set stage;
  private final PrintStream out;
  private boolean asAsked = true;

  /**
   * A save.
   *
   * @param at {@link System#nanoTime} of it
   * @param inForce how much later the proxy had acknowledged all that it changed
   */
  private record Saved(long at, Duration inForce) {}

  Rehearsal(Stage.Set stage, PrintStream out) {
    this.stage = stage;
    this.out = out;
  }

  /** Runs every step; true if each request was answered and each share was as asked. */
  boolean run() throws IOException, DemoException, InterruptedException {
    List<String> versions = List.copyOf(first().keySet());
    String pair = String.join("/", versions);
    out.println(
        ROW.formatted(
            "step (" + pair + ")", "asked", "seen", "requests", "failed", "in force after"));
    SortedMap<String, Integer> now = weights(versions, 100);
    divide("all to " + versions.getFirst(), now);
    divide("a canary", weights(versions, 90));
    divide("half and half", weights(versions, 50));
    now = weights(versions, 0);
    divide("blue to green", now);
    die("an instance dies", now);
    Ledger ledger = stage.traffic().ledger();
    out.println();
    out.println(
        String.format(
            ROOT, "%,d requests, %,d failed requests", ledger.total(), ledger.failures()));
    ledger.firstFailure().ifPresent(why -> out.println("the first failure: " + why));
    return asAsked && ledger.failures() == 0;
  }

  private SortedMap<String, Integer> first() throws DemoException {
    SortedMap<String, Integer> weights = PolicyWeights.of(stage.quickstart().policy());
    if (weights.size() != 2) {
      throw new DemoException("the demo's policy must divide the calls between two versions");
    }
    return weights;
  }

  private static SortedMap<String, Integer> weights(List<String> versions, int first) {
    return new TreeMap<>(Map.of(versions.getFirst(), first, versions.getLast(), 100 - first));
  }

  private void divide(String step, SortedMap<String, Integer> weights)
      throws IOException, DemoException, InterruptedException {
    Path file = stage.file(stage.quickstart().policyFile());
    Saved saved = save(file, Edits.weights(Files.readString(file), weights));
    Tally tally = measure();
    StringBuilder note = new StringBuilder(Dashboard.wholeMillis(saved.inForce()));
    for (var weight : weights.entrySet()) {
      if (weight.getValue() == 0) {
        note.append(last(saved, weight.getKey(), s -> s.version().equals(weight.getKey())));
      }
    }
    row(step, weights, tally, note.toString());
  }

  /** The instance leaves the file, serves on for those who do not know yet, and is stopped. */
  private void die(String step, SortedMap<String, Integer> weights)
      throws IOException, DemoException, InterruptedException {
    Instance leaving =
        stage.instances().stream()
            .filter(instance -> weights.getOrDefault(instance.version(), 0) > 0)
            .findFirst()
            .orElseThrow();
    Path file = stage.file(stage.quickstart().serviceFile());
    Saved saved = save(file, Edits.without(Files.readString(file), leaving.port()));
    long served = System.nanoTime() - saved.at();
    TimeUnit.NANOSECONDS.sleep(GOES_ON_SERVING.toNanos() - served);
    leaving.close();
    Tally tally = measure();
    String name = leaving.name();
    String note =
        Dashboard.wholeMillis(saved.inForce())
            + last(saved, name, sample -> sample.instance().equals(name));
    row(step, weights, tally, note);
  }

  /** When the last answer came from what is to get no more requests. */
  private String last(Saved saved, String who, Predicate<Sample> from) {
    Optional<Duration> last =
        stage.traffic().ledger().since(saved.at()).stream()
            .filter(from)
            .map(sample -> Duration.ofNanos(sample.endedAt() - saved.at()))
            .max(Duration::compareTo);
    if (last.filter(after -> after.compareTo(IN_FORCE_WITHIN) > 0).isPresent()) {
      asAsked = false;
    }
    return ", last answer of %s %s"
        .formatted(who, Dashboard.wholeMillis(last.orElse(Duration.ZERO)));
  }

  private Tally measure() throws DemoException, InterruptedException {
    long start = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(MEASURED.toNanos());
    stage.envoy().check();
    return Tally.of(stage.traffic().ledger().since(start));
  }

  private void row(String step, SortedMap<String, Integer> weights, Tally tally, String note) {
    boolean fits = Share.fits(weights, tally);
    asAsked &= fits;
    String asked = weights.values().stream().map(String::valueOf).collect(Collectors.joining("/"));
    String seen =
        weights.keySet().stream()
            .map(version -> String.format(ROOT, "%.1f", tally.share(version) * 100))
            .collect(Collectors.joining("/"));
    String requests = String.format(ROOT, "%,d", tally.requests());
    String end = fits ? note : note + "  NOT AS ASKED";
    out.println(ROW.formatted(step, asked, seen, requests, tally.failures(), end));
    out.flush();
  }

  /** Saves, and waits until the proxy has acknowledged what changes and nothing more comes. */
  private Saved save(Path file, String text)
      throws IOException, DemoException, InterruptedException {
    String before = stage.acknowledged().versions();
    if (Files.readString(file).equals(text)) {
      return new Saved(System.nanoTime(), Duration.ZERO);
    }
    long saved = System.nanoTime();
    Edits.save(file, text);
    long changed = saved;
    String last = before;
    while (last.equals(before) || System.nanoTime() - changed < QUIET_NANOS) {
      Acknowledged now = stage.acknowledged();
      if (!now.versions().equals(last) || !now.synced()) {
        changed = System.nanoTime();
        last = now.versions();
      }
      checkProgress(now, saved);
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return new Saved(saved, Duration.ofNanos(changed - saved));
  }

  private void checkProgress(Acknowledged now, long saved) throws DemoException {
    stage.envoy().check();
    if (now.refusal().isPresent()) {
      throw new DemoException("Envoy refused the change: " + now.refusal().get());
    }
    if (System.nanoTime() - saved > GIVEN_UP_AFTER.toNanos()) {
      throw new DemoException(
          "Envoy has not acknowledged the change within %d s; it has %s. Problems: %s%n%s"
              .formatted(
                  GIVEN_UP_AFTER.toSeconds(), now.states(), stage.problems(), stage.envoy().end()));
    }
  }
}
