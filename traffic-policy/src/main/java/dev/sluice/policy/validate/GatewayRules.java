package dev.sluice.policy.validate;

import dev.sluice.spec.Gateway;
import dev.sluice.spec.Gateway.Listener;
import java.util.HashMap;
import java.util.List;
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
  }

  private static void listeners(At at, List<Listener> listeners) {
    if (listeners.isEmpty()) {
      at.error("a gateway needs a listener; write [{name: http, port: 8080, protocol: HTTP}]");
    }
    Map<Integer, String> ports = new HashMap<>();
    for (int i = 0; i < listeners.size(); i++) {
      Listener listener = listeners.get(i);
      Names.dnsLabel(at.index(i).key("name"), listener.name());
      at.index(i).within("port", listener.port(), 1, 65_535);
      Names.hosts(at.index(i).key("hosts"), listener.hosts());
      String before = ports.putIfAbsent(listener.port(), listener.name());
      if (before != null) {
        at.index(i)
            .key("port")
            .error(
                "port "
                    + listener.port()
                    + " is already listener \""
                    + before
                    + "\"'s; give both hosts to one listener, or take another port");
      }
    }
    Names.unique(at, listeners, Listener::name, "name", "listener");
  }
}
