package dev.sluice.server.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as its caller sends it.
 *
 * @param method such as {@code GET}
 * @param scheme {@code http} or {@code https}
 * @param authority the host as the request names it, with its port where it names one
 * @param port the URL's port, where it has one
 * @param path begins with a slash; with its query
 * @param headers all others, in order
 */
public record Call(
    String method,
    String scheme,
    String authority,
    OptionalInt port,
    String path,
    List<Header> headers) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern URL =
      Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)(?<path>[^#]*).*");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+\\]|[^\\[\\]:@\\s]+)(?::(?<port>[0-9]{1,5}))?");

  /**
   * A header.
   *
   * @param name in lower case
   * @param value without spaces around it
   */
  public record Header(String name, String value) {
    public Header {
      name = name.toLowerCase(Locale.ROOT);
      value = value.strip();
    }
  }

  public Call {
    Objects.requireNonNull(method);
    Objects.requireNonNull(scheme);
    Objects.requireNonNull(authority);
    Objects.requireNonNull(port);
    Objects.requireNonNull(path);
    headers = List.copyOf(headers);
  }

  /**
   * Reads a request as people write it. A header {@code host} stands for the URL's host, and no
   * caller sends a fragment.
   *
   * @param method the method
   * @param url with a scheme and a host
   * @param headers each {@code name: value}
   * @throws UnusableRequestException when it is none; the message says why
   */
  public static Call parse(String method, String url, List<String> headers) {
    if (!TOKEN.matcher(method).matches()) {
      throw UnusableRequestException.wrong(
          "\"" + method + "\" is no method; write such as GET or POST");
    }
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw UnusableRequestException.wrong(
          "\"" + url + "\" is no URL with a host; write such as http://orders.shop/api");
    }
    String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw UnusableRequestException.wrong(
          "the scheme \"" + scheme + "\" of \"" + url + "\" is neither http nor https");
    }
    OptionalInt port = port(parts.group("authority"), url);
    String authority = sent(parts.group("authority"), scheme, port);
    List<Header> sent = new ArrayList<>();
    for (String header : headers) {
      Header one = header(header);
      if (one.name().equals("host")) {
        authority = one.value();
      } else {
        sent.add(one);
      }
    }
    String path = parts.group("path");
    if (path.chars().anyMatch(c -> c <= 0x20 || c == 0x7f)) {
      throw UnusableRequestException.wrong(
          "the path of \"" + url + "\" holds a space; write it percent-encoded (%20)");
    }
    return new Call(
        method, scheme, authority, port, path.startsWith("/") ? path : "/" + path, sent);
  }

  private static OptionalInt port(String authority, String url) {
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches()) {
      throw UnusableRequestException.wrong(
          authority.isEmpty()
              ? "\"" + url + "\" has no host; write such as http://orders.shop/api"
              : "\"" + authority + "\" in \"" + url + "\" is no host; write such as orders.shop");
    }
    if (parts.group("port") == null) {
      return OptionalInt.empty();
    }
    int port = Integer.parseInt(parts.group("port"));
    if (port < 1 || port > 65_535) {
      throw UnusableRequestException.wrong("the port " + port + " is not within 1..65535");
    }
    return OptionalInt.of(port);
  }

  /** Callers leave out the port that the scheme stands for. */
  private static String sent(String authority, String scheme, OptionalInt port) {
    int usual = scheme.equals("https") ? 443 : 80;
    return port.equals(OptionalInt.of(usual))
        ? authority.substring(0, authority.lastIndexOf(':'))
        : authority;
  }

  private static Header header(String text) {
    int colon = text.indexOf(':', 1);
    if (colon < 0) {
      throw UnusableRequestException.wrong(
          "the header \"" + text + "\" has no colon; write name: value");
    }
    String name = text.substring(0, colon).strip();
    if (!TOKEN.matcher(name).matches()) {
      throw UnusableRequestException.wrong(
          "\"" + name + "\" in the header \"" + text + "\" is no header's name");
    }
    return new Header(name, text.substring(colon + 1));
  }

  /** The host that it names, without a port. */
  String host() {
    return Hosts.withoutPort(authority);
  }
}
