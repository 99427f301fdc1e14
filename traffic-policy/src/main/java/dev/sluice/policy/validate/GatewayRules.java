package dev.sluice.policy.validate;

import dev.sluice.spec.Gateway;
import dev.sluice.spec.Gateway.Listener;
import dev.sluice.spec.Gateway.ListenerProtocol;
import dev.sluice.spec.IpLiteral;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A Gateway. */
final class GatewayRules {
  private GatewayRules() {}

  static void check(At at, Gateway.Spec spec) {
    At selector = at.key("proxies").key("selector");
    if (spec.proxies().selector().isEmpty() && selector.legible()) {
      selector.error("names no proxy; write labels that the proxies carry, such as {app: edge}");
    }
    At listeners = at.key("listeners");
    if (listeners.legible()) {
      listeners(listeners, spec.listeners());
    }
    EdgeRules.check(at, spec);
  }

  private static void listeners(At at, List<Listener> listeners) {
    if (listeners.isEmpty()) {
      at.error("a gateway needs a listener; write [{name: http, port: 8080, protocol: HTTP}]");
    }
    Map<String, String> taken = new HashMap<>();
    for (int i = 0; i < listeners.size(); i++) {
      Listener listener = listeners.get(i);
      Names.dnsLabel(at.index(i).key("name"), listener.name());
      at.index(i).within("port", listener.port(), 1, 65_535);
      Names.hosts(at.index(i).key("hosts"), listener.hosts());
      tls(at.index(i), listener);
      if (listener.protocol() == ListenerProtocol.TCP) {
        ofConnections(at.index(i), listener, listeners);
      } else {
        taken(at.index(i), listener, taken);
      }
    }
    Names.unique(at, listeners, Listener::name, "name", "listener");
    plainBesideTls(at, listeners);
  }

  private static void tls(At at, Listener listener) {
    boolean isHttps = listener.protocol() == ListenerProtocol.HTTPS;
    Gateway.Tls tls = listener.tls();
    if (tls != null && !isHttps) {
      at.key("tls")
          .error(
              "%s is spoken without TLS; %s"
                  .formatted(
                      listener.protocol(),
                      listener.protocol() == ListenerProtocol.HTTP
                          ? "write protocol: HTTPS, or remove tls"
                          : "remove tls, and have the service itself end it"));
    } else if (tls != null) {
      Names.secret(at.key("tls").key("secret"), tls.secret());
    } else if (isHttps && at.key("tls").legible()) {
      at.error("HTTPS needs a certificate; write tls: {secret: NAME}");
    }
    if (isHttps) {
      names(at.key("hosts"), listener.hosts());
    }
  }

  /** By names alone: nobody asks for an address in a TLS handshake. */
  private static void names(At at, List<String> hosts) {
    for (int i = 0; i < hosts.size(); i++) {
      if (IpLiteral.isIpLiteral(hosts.get(i))) {
        at.index(i)
            .error(
                "\"%s\" is an address, which TLS clients do not ask for (RFC 6066); leave hosts out to take them"
                    .formatted(hosts.get(i)));
      }
    }
  }

  /** One port speaks TLS, or does not. */
  private static void plainBesideTls(At at, List<Listener> listeners) {
    Map<Integer, Listener> first = new HashMap<>();
    for (int i = 0; i < listeners.size(); i++) {
      Listener listener = listeners.get(i);
      Listener other = first.putIfAbsent(listener.port(), listener);
      if (other != null
          && other.protocol() != listener.protocol()
          && other.protocol() != ListenerProtocol.TCP
          && listener.protocol() != ListenerProtocol.TCP) {
        at.index(i)
            .key("port")
            .error(
                "%d speaks %s already, for listener \"%s\"; take another port for %s"
                    .formatted(
                        listener.port(), other.protocol(), other.name(), listener.protocol()));
      }
    }
  }

  /** Connections have no hosts by which they could be told apart. */
  private static void ofConnections(At at, Listener listener, List<Listener> all) {
    if (!listener.hosts().isEmpty()) {
      at.key("hosts").error("TCP has no hosts; remove them");
    }
    all.stream()
        .filter(other -> !other.equals(listener) && other.port().equals(listener.port()))
        .findFirst()
        .ifPresent(
            other ->
                at.key("port")
                    .error(
                        "TCP shares its port with no other listener, and listener \"%s\" has %d too; take another port"
                            .formatted(other.name(), listener.port())));
  }

  /** Listeners may share a port when each host is one listener's. */
  private static void taken(At at, Listener listener, Map<String, String> taken) {
    List<String> hosts = listener.hosts();
    if (hosts.isEmpty()) {
      taken(at.key("port"), listener, "every other host", taken);
    }
    for (int i = 0; i < hosts.size(); i++) {
      String host = hosts.get(i).toLowerCase(Locale.ROOT);
      taken(at.key("hosts").index(i), listener, "\"" + host + "\"", taken);
    }
  }

  private static void taken(At at, Listener listener, String host, Map<String, String> taken) {
    String before = taken.putIfAbsent(listener.port() + " " + host, listener.name());
    if (before != null && !before.equals(listener.name())) {
      at.error(
          host
              + " on port "
              + listener.port()
              + " is already listener \""
              + before
              + "\"'s; remove it, or take another port");
    }
  }
}
