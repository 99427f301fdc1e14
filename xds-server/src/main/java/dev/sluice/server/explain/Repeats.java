package dev.sluice.server.explain;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How conditions are held against a header that a request has several times. */
enum Repeats {
  /** Against each by itself: one that fits is enough. Envoy since 1.39. */
  EACH,
  /** Against all of them in one, with commas between. Envoy before that. */
  JOINED,
  /** That is not known. */
  UNKNOWN;

  private static final Pattern ENVOY = Pattern.compile("envoy ([0-9]{1,4})\\.([0-9]{1,4})\\..*");
  private static final int LAST_JOINING = 38;

  /** What a proxy's software does, such as {@code envoy 1.40.0}. */
  static Repeats of(String software) {
    Matcher version = ENVOY.matcher(software);
    if (!version.matches()) {
      return UNKNOWN;
    }
    boolean joins =
        version.group(1).equals("1") && Integer.parseInt(version.group(2)) <= LAST_JOINING;
    return joins ? JOINED : EACH;
  }
}
