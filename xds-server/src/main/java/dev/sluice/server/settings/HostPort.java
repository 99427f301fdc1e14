package dev.sluice.server.settings;

import dev.sluice.spec.IpLiteral;
import dev.sluice.spec.Scalar;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A host and a port, written {@code host:port} or {@code [ipv6]:port}.
 *
 * @param host a DNS name or an IP literal, without brackets
 * @param port 0 to 65535; 0 lets the system choose, where something listens
 */
@Scalar
public record HostPort(String host, int port) {
  public HostPort {
    Objects.requireNonNull(host);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not within 0..65535");
    }
  }

  /**
   * Reads {@code host:port}.
   *
   * @throws IllegalArgumentException with what would be right
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw wrong(text);
    }
    if (host.isEmpty() || !text.substring(colon + 1).matches("\\d{1,5}")) {
      throw wrong(text);
    }
    return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
  }

  /** Whether the host is an address, so that nobody needs to resolve it. */
  public boolean isIpLiteral() {
    return IpLiteral.isIpLiteral(host);
  }

  /** Whether only this machine can connect there. */
  public boolean isLoopback() {
    return isIpLiteral()
        ? InetAddress.ofLiteral(host).isLoopbackAddress()
        : host.equals("localhost");
  }

  /** The address to listen on or to connect to; resolves the host. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not host:port; write such as 127.0.0.1:18000 or [::1]:18000");
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
