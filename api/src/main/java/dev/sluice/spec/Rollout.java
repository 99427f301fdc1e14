package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.rollout}: traffic goes from one version to another, and every step of it is confirmed
 * by the proxies. It takes the place of {@code split}; one of {@code blueGreen} and {@code canary}
 * is given.
 *
 * @param blueGreen all at once
 * @param canary step by step
 * @param silentAfter how long a proxy may take to acknowledge a change before it counts as silent,
 *     1s or more; null for 1m
 * @param onSilent what becomes of a step while a proxy is silent; null for {@code except}
 */
@Exclusive({"blueGreen", "canary"})
public record Rollout(
    @Nullable BlueGreen blueGreen,
    @Nullable Canary canary,
    @Nullable Duration silentAfter,
    @Nullable OnSilent onSilent) {
  /** What becomes of a step while a proxy is silent. */
  public enum OnSilent {
    /** It goes on without that proxy, which is named. */
    EXCEPT,
    /** It waits, for as long as the proxy is connected. */
    WAIT
  }

  /** Which of the two it is, for people: {@code canary} or {@code blue-green}. */
  public String inAWord() {
    return canary == null ? "blue-green" : "canary";
  }
}
