package dev.sluice.server.overrides;

import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.IpLiteral;
import java.net.InetAddress;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How people name an instance: as {@code sluice get services -o wide} shows it. */
sealed interface InstanceName {
  /** {@code 10.0.0.1:8080}, {@code [::1]:8080,9000}: with the ports that {@code get} shows. */
  Pattern WITH_PORTS =
      Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):(\\d{1,5}(?:,\\d{1,5}){0,31})");

  Pattern POD = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  /**
   * By its address.
   *
   * @param ip an IP literal, without brackets
   * @param ports those that were given; none for all
   */
  record At(String ip, SortedSet<Integer> ports) implements InstanceName {
    public At {
      Objects.requireNonNull(ip);
      ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
    }

    /** Whether {@code other} is the same address, however it is written. */
    boolean isAt(String other) {
      return IpLiteral.isIpLiteral(other)
          && InetAddress.ofLiteral(ip).equals(InetAddress.ofLiteral(other));
    }
  }

  /** By the name of its pod. */
  record Pod(String name) implements InstanceName {
    public Pod {
      Objects.requireNonNull(name);
    }
  }

  /**
   * Reads a name.
   *
   * @throws RefusedException when it is none
   */
  static InstanceName parse(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (IpLiteral.isIpLiteral(bare)) {
      return new At(bare, new TreeSet<>());
    }
    Matcher form = WITH_PORTS.matcher(text);
    if (form.matches()) {
      String ip = form.group(1) != null ? form.group(1) : form.group(2);
      SortedSet<Integer> ports = new TreeSet<>();
      for (String port : form.group(3).split(",", -1)) {
        ports.add(Integer.parseInt(port));
      }
      if (IpLiteral.isIpLiteral(ip) && ports.first() >= 1 && ports.last() <= 65535) {
        return new At(ip, ports);
      }
    } else if (POD.matcher(text).matches()) {
      return new Pod(text);
    }
    throw new RefusedException(
        Why.WRONG,
        ("\"%s\" is no instance; write its address, with or without its port, or its pod's name, as"
                + " 'sluice get services -o wide' shows it")
            .formatted(text));
  }

  /** What a document would say of one that nobody knows; empty where no document can. */
  default Optional<Match> asWritten() {
    return switch (this) {
      case Pod(String name) -> Optional.of(new Match(null, name, new TreeMap<>()));
      case At(String ip, SortedSet<Integer> ports) when ports.isEmpty() ->
          Optional.of(new Match(ip, null, new TreeMap<>()));
      case At(String ip, SortedSet<Integer> ports) when ports.size() == 1 ->
          Optional.of(new Match(withPort(ip, ports.first()), null, new TreeMap<>()));
      case At _ -> Optional.empty();
    };
  }

  /** Whether a document's match says the same, whoever is known by now. */
  default boolean isSaidBy(Match match) {
    return switch (this) {
      case Pod(String name) -> name.equals(match.pod());
      case At at when match.address() == null -> false;
      case At at -> {
        InstanceName written = parse(Objects.requireNonNull(match.address()));
        yield written instanceof At other
            && at.isAt(other.ip())
            && (at.ports().isEmpty() || at.ports().containsAll(other.ports()));
      }
    };
  }

  private static String withPort(String ip, int port) {
    return IpLiteral.asHost(ip) + ":" + port;
  }
}
