package dev.sluice.e2e;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What became of many requests.
 *
 * @param answers in no particular order
 */
public record TrafficReport(List<Answer> answers) {
  public TrafficReport {
    answers = List.copyOf(answers);
  }

  /** How many requests there were. */
  public int count() {
    return answers.size();
  }

  /** Answers by the version that gave them; empty for the proxy's own and for none. */
  public SortedMap<String, Long> versions() {
    return by(Answer::version);
  }

  /** Answers by the instance that gave them; empty for the proxy's own and for none. */
  public SortedMap<String, Long> instances() {
    return by(Answer::instance);
  }

  /** Answers by status; 0 for none. */
  public SortedMap<Integer, Long> statuses() {
    return by(Answer::status);
  }

  /** What was answered with anything but 200, or not at all. */
  public List<Answer> failures() {
    return answers.stream().filter(answer -> !answer.ok()).toList();
  }

  /** Only the requests that were sent at or after the instant ({@link System#nanoTime}). */
  public TrafficReport sentAfter(long nanos) {
    return where(answer -> answer.sentNanos() - nanos >= 0);
  }

  /** Only the answers of which this holds. */
  public TrafficReport where(Predicate<Answer> condition) {
    return new TrafficReport(answers.stream().filter(condition).toList());
  }

  /** The first answers, by when their requests were sent. */
  public TrafficReport first(int count) {
    return new TrafficReport(
        answers.stream()
            .sorted((a, b) -> Long.compare(a.sentNanos() - b.sentNanos(), 0))
            .limit(count)
            .toList());
  }

  private <K> SortedMap<K, Long> by(Function<Answer, K> key) {
    return answers.stream()
        .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()));
  }

  /** Versions and statuses, as a failing assertion shows them. */
  @Override
  public String toString() {
    return count()
        + " requests, by version "
        + versions()
        + ", by instance "
        + instances()
        + ", by status "
        + statuses()
        + failures().stream().limit(3).map(Answer::toString).collect(Collectors.joining());
  }
}
