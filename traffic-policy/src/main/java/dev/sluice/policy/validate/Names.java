package dev.sluice.policy.validate;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What names may look like. */
final class Names {
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern HOST =
      Pattern.compile(
          "(\\*\\.)?[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?"
              + "(\\.[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?)*");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern CONSUL_SERVICE = Pattern.compile("[^./]{1,128}");
  private static final int LONGEST_HOST = 253;

  private Names() {}

  static boolean isDnsLabel(String name) {
    return DNS_LABEL.matcher(name).matches();
  }

  /** RFC 9110, section 5.6.2: what header and cookie names are made of. */
  static boolean isToken(String name) {
    return TOKEN.matcher(name).matches();
  }

  /** RFC 1123, section 2.1. */
  static void dnsLabel(At at, String name) {
    if (!isDnsLabel(name)) {
      at.error(
          "\""
              + name
              + "\" is not a DNS label; use at most 63 lower-case letters, digits and \"-\","
              + " beginning and ending with a letter or digit");
    }
  }

  /** A service: {@code name} or {@code name.namespace}. */
  static boolean isService(String name) {
    String[] parts = name.split("\\.", -1);
    return parts.length <= 2 && isDnsLabel(parts[0]) && isDnsLabel(parts[parts.length - 1]);
  }

  static void service(At at, String name) {
    if (!isService(name)) {
      at.error("\"" + name + "\" is no service; write name or name.namespace");
    }
  }

  /** A service in Consul, which takes whatever name: ours have no dots, and paths no slashes. */
  static void consulService(At at, String name) {
    if (!CONSUL_SERVICE.matcher(name).matches()) {
      at.error(
          "\""
              + name
              + "\" is no service of Consul; use at most 128 characters, without dots and slashes");
    }
  }

  /** RFC 1123, section 2.1: what Kubernetes takes for a secret's name. */
  static void secret(At at, String name) {
    if (name.length() > LONGEST_HOST
        || !Arrays.stream(name.split("\\.", -1)).allMatch(Names::isDnsLabel)) {
      at.error(
          "\""
              + name
              + "\" does not name a secret; write the name of one in this document's namespace,"
              + " such as api-cert");
    }
  }

  /** Host names, exact or {@code *.x}, none of them twice. */
  static void hosts(At at, List<String> hosts) {
    if (!at.legible()) {
      return;
    }
    for (int i = 0; i < hosts.size(); i++) {
      host(at.index(i), hosts.get(i));
    }
    unique(at, hosts, host -> host.toLowerCase(Locale.ROOT), "", "host");
  }

  /** One host name, without wildcards. */
  static void exactHost(At at, String host) {
    if (host.startsWith("*")) {
      at.error("\"" + host + "\" is a wildcard; write one host name");
    } else {
      host(at, host);
    }
  }

  /** One host name, which may be followed by a port. */
  static void authority(At at, String authority) {
    int colon = authority.lastIndexOf(':');
    boolean port = colon > 0 && authority.substring(colon + 1).matches("\\d{1,5}");
    exactHost(at, port ? authority.substring(0, colon) : authority);
  }

  private static void host(At at, String host) {
    if (host.equals("*")) {
      at.error("\"*\" is too wide; write the names, or *.x for all names under x");
    } else if (host.indexOf('*', host.startsWith("*.") ? 1 : 0) >= 0) {
      at.error(
          "\"" + host + "\": a wildcard stands only for all before a dot, as in *.example.com");
    } else if (host.contains("://")) {
      at.error("\"" + host + "\" is a URL; write the host name alone");
    } else if (host.matches(".*:\\d+")) {
      at.error("\"" + host + "\" has a port; write the host name alone");
    } else if (host.length() > LONGEST_HOST || !HOST.matcher(host).matches()) {
      at.error("\"" + host + "\" is not a host name; write such as api.example.com");
    }
  }

  /**
   * Reports each item whose name an earlier one has.
   *
   * @param list where the items are
   * @param key the item's key that holds its name; empty where the item is the name
   * @param noun what the items are called
   */
  static <T> void unique(
      At list, Collection<T> items, Function<T, String> name, String key, String noun) {
    Map<String, Integer> first = new HashMap<>();
    int index = 0;
    for (T item : items) {
      Integer before = first.putIfAbsent(name.apply(item), index);
      if (before != null) {
        At at = key.isEmpty() ? list.index(index) : list.index(index).key(key);
        at.error(
            "the "
                + noun
                + " \""
                + name.apply(item)
                + "\" is already given "
                + list.index(before).where()
                + (key.equals("name") ? "; rename or remove one" : "; keep one of them"));
      }
      index++;
    }
  }
}
