package dev.sluice.spec;

import java.net.InetAddress;

/** Tells IP literals from host names without asking a resolver. */
public final class IpLiteral {
  private IpLiteral() {}

  /** Whether {@code text} is an IPv4 or IPv6 literal (RFC 4291, no zone, no brackets). */
  public static boolean isIpLiteral(String text) {
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      return address != null && text.indexOf('%') < 0 && text.indexOf('[') < 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
