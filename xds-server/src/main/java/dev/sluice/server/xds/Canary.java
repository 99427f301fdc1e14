package dev.sluice.server.xds;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * How far a changed configuration has come: which proxies are asked to use it before the others,
 * and what they answer. It knows no network and no clock.
 *
 * <p>Its feed's lock guards it.
 *
 * @param <S> a stream; several of them may be one proxy's
 */
final class Canary<S> {
  /** How many may be gone without an answer: whoever goes on asking would end them all. */
  private static final int MOST_LOST = 3;

  /** What a stream says of the change. */
  enum Answer {
    WAITING,
    ACCEPTED,
    REFUSED
  }

  private final Stages stages;
  private final Map<S, Asked> asked = new HashMap<>();
  private final SortedSet<String> proxies = new TreeSet<>();
  private final Set<String> lost = new LinkedHashSet<>();

  /** Who did not answer the canary before. */
  private final Set<String> avoided;

  private int losses;
  private int stage;
  private int concerned;
  private int wanted;
  private boolean choosing = true;
  private boolean done;

  private record Asked(String proxy, Answer answer, long since) {}

  /**
   * One that nobody is asked for yet.
   *
   * @param avoided ids of proxies that are asked only for want of others
   */
  Canary(Stages stages, Set<String> avoided) {
    this.stages = stages;
    this.avoided = Set.copyOf(avoided);
  }

  /** Whether it is to be told again whom the change concerns. */
  boolean isChoosing() {
    return choosing && !done && losses < MOST_LOST;
  }

  /** Whether fewer are asked than the stage wants, because the others have gone. */
  boolean isShort() {
    return proxies.size() < wanted && losses < MOST_LOST;
  }

  /** There may be others by now. */
  void chooseAgain() {
    choosing = true;
  }

  /**
   * Asks as many proxies as the stage wants, always the same ones of the same proxies. A stage that
   * is for all of them is none: the change goes everywhere.
   *
   * @param streams whom the change concerns, with the ids of their proxies
   * @param now in nanoseconds of any clock that only goes forward
   */
  void choose(Map<S, String> streams, long now) {
    Set<String> all = new HashSet<>(streams.values());
    Set<String> known = new HashSet<>(all);
    known.addAll(lost); // They count, or whoever is left would be taken for all.
    concerned = known.size();
    choosing = false;
    wanted = stage < stages.shares().size() ? stages.shares().get(stage).of(concerned) : concerned;
    done = wanted >= concerned && (lost.isEmpty() || accepted() > 0);
    if (done) {
      return;
    }
    proxies.retainAll(all);
    for (String proxy : inOrder(all)) {
      if (proxies.size() < wanted) {
        proxies.add(proxy);
      }
    }
    streams.forEach(
        (stream, proxy) -> {
          if (proxies.contains(proxy)) {
            asked.putIfAbsent(stream, new Asked(proxy, Answer.WAITING, now));
          }
        });
    pass();
  }

  /** By a hash, so that neighbours are not asked together; the silent only for want of others. */
  private List<String> inOrder(Set<String> all) {
    List<String> order = new ArrayList<>(all);
    Comparator<String> silentLast =
        Comparator.comparing(proxy -> lost.contains(proxy) || avoided.contains(proxy));
    order.sort(silentLast.thenComparingLong(Canary::hash).thenComparing(Comparator.naturalOrder()));
    return order;
  }

  private static long hash(String proxy) {
    CRC32C hash = new CRC32C();
    hash.update(proxy.getBytes(StandardCharsets.UTF_8));
    return hash.getValue();
  }

  /** Whether {@code proxy} is to have the change. */
  boolean isAsked(String proxy) {
    return proxies.contains(proxy);
  }

  /** What {@code stream} of {@code proxy} says now, if it is asked. */
  void answered(S stream, String proxy, Answer answer, long now) {
    if (!isAsked(proxy)) {
      return;
    }
    Asked before = asked.get(stream);
    if (before == null || before.answer() != answer) {
      asked.put(stream, new Asked(proxy, answer, before == null ? now : before.since()));
      pass();
    }
  }

  /**
   * {@code stream} has ended. A proxy that has no other one and never answered may have come to
   * grief.
   *
   * @return whether it is not asked any more
   */
  boolean left(S stream) {
    Asked gone = asked.remove(stream);
    if (gone == null
        || gone.answer() == Answer.ACCEPTED
        || asked.values().stream().anyMatch(other -> other.proxy().equals(gone.proxy()))) {
      return false;
    }
    lost.add(gone.proxy());
    losses++;
    proxies.remove(gone.proxy());
    choosing = true;
    return true;
  }

  /** The change itself has changed: everybody is to answer again. */
  void askAgain(long now) {
    asked.replaceAll((stream, before) -> new Asked(before.proxy(), Answer.WAITING, now));
  }

  private void pass() {
    asked.values().stream()
        .filter(one -> one.answer() == Answer.ACCEPTED)
        .forEach(one -> lost.remove(one.proxy()));
    boolean all =
        !asked.isEmpty()
            && asked.values().stream().allMatch(one -> one.answer() == Answer.ACCEPTED);
    if (all && !isShort()) {
      stage++;
      choosing = true;
    }
  }

  /** Whether the change goes to everybody. */
  boolean isDone() {
    return done;
  }

  /** Why it goes no further, for people to read; empty while it goes on. */
  Optional<String> halted(long now) {
    if (losses >= MOST_LOST) {
      return Optional.of(String.join(", ", lost) + " left without an answer");
    }
    String refused = String.join(", ", those(Answer.REFUSED, Long.MAX_VALUE));
    if (!refused.isEmpty()) {
      return Optional.of(refused + " refused it");
    }
    String silent = String.join(", ", silent(now));
    return silent.isEmpty()
        ? Optional.empty()
        : Optional.of(silent + " did not acknowledge it within " + seconds(stages.within()));
  }

  private static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + "s";
  }

  /** The ids of those that did not answer, so that the next canary may avoid them. */
  Set<String> withoutAnswer(long now) {
    Set<String> ids = silent(now);
    ids.addAll(lost);
    return ids;
  }

  private Set<String> silent(long now) {
    return those(Answer.WAITING, now - stages.within().toNanos());
  }

  private Set<String> those(Answer answer, long since) {
    Set<String> ids = new TreeSet<>();
    asked.values().stream()
        .filter(one -> one.answer() == answer && one.since() <= since)
        .forEach(one -> ids.add(one.proxy()));
    return ids;
  }

  /** Which stage it is, for people to read: {@code 1}, {@code 10%}, {@code all}. */
  String stage() {
    return stage < stages.shares().size() ? stages.shares().get(stage).toString() : "all";
  }

  /** The ids of the proxies that are asked, sorted. */
  List<String> asked() {
    return List.copyOf(proxies);
  }

  /** How many of them have accepted it. */
  int accepted() {
    Set<String> without = new HashSet<>();
    Set<String> all = new HashSet<>();
    for (Asked one : asked.values()) {
      all.add(one.proxy());
      if (one.answer() != Answer.ACCEPTED) {
        without.add(one.proxy());
      }
    }
    return all.size() - without.size();
  }

  /** How many proxies the change concerns. */
  int concerned() {
    return concerned;
  }
}
