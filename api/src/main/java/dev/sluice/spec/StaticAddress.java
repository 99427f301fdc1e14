package dev.sluice.spec;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address that a policy names itself, written {@code 10.0.0.1:8080} or {@code [::1]:8080}.
 *
 * @param ip an IP literal, without brackets
 * @param port 1 to 65535
 */
@Scalar
public record StaticAddress(String ip, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):(\\d{1,5})");

  public StaticAddress {
    Objects.requireNonNull(ip);
  }

  /** Reads {@code ip:port}; a host name is refused, since Envoy takes only IPs in EDS. */
  public static StaticAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not ip:port; write such as 10.0.0.1:8080 or [::1]:8080");
    }
    String ip = form.group(1) != null ? form.group(1) : form.group(2);
    if (!IpLiteral.isIpLiteral(ip)) {
      throw new IllegalArgumentException(
          "\"" + ip + "\" is not an IP literal; Envoy takes no host names among endpoints");
    }
    int port = Integer.parseInt(form.group(3));
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not within 1..65535");
    }
    return new StaticAddress(ip, port);
  }

  @Override
  public String toString() {
    return IpLiteral.asHost(ip) + ":" + port;
  }
}
