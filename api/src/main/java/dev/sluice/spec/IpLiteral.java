package dev.sluice.spec;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** Tells IP literals from host names without asking a resolver. */
public final class IpLiteral {
  private static final Pattern FORM =
      Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+|[^%\\[\\]]*:[^%\\[\\]]*");

  private IpLiteral() {}

  /** The literal as a port can follow it: one of IPv6 in brackets (RFC 3986, section 3.2.2). */
  public static String asHost(String ip) {
    return ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
  }

  /** Whether {@code text} is an IPv4 or IPv6 literal (RFC 4291, no zone, no brackets). */
  public static boolean isIpLiteral(String text) {
    // The JDK also reads shortened IPv4 such as 10.1, and zones and brackets; Envoy reads none.
    if (!FORM.matcher(text).matches()) {
      return false;
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
