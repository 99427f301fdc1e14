package dev.sluice.policy.attach;

/** Which hosts a pattern takes: {@code *} every one, {@code *.x} those below x, else its own. */
public final class HostPattern {
  private HostPattern() {}

  /**
   * Whether {@code pattern} takes all that {@code host} stands for. {@code *.x} takes names of any
   * depth below x, as Envoy's wildcard domains do, but not x.
   *
   * @param pattern lower-cased; exact, {@code *.x} or {@code *}
   * @param host lower-cased; exact or {@code *.x}
   */
  public static boolean covers(String pattern, String host) {
    if (pattern.equals("*") || pattern.equals(host)) {
      return true;
    }
    return pattern.startsWith("*.")
        && host.length() >= pattern.length()
        && host.endsWith(pattern.substring(1));
  }
}
