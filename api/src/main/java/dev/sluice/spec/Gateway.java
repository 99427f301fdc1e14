package dev.sluice.spec;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the platform team writes for edge proxies.
 *
 * @param metadata name and namespace
 * @param spec the gateway
 * @param origin where it was read
 */
public record Gateway(Metadata metadata, @Required Spec spec, Origin origin) implements Document {
  public Gateway {
    Objects.requireNonNull(metadata);
    Objects.requireNonNull(spec);
    Objects.requireNonNull(origin);
  }

  @Override
  public Kind kind() {
    return Kind.GATEWAY;
  }

  /**
   * {@code Gateway.spec} (policy.md, section 1).
   *
   * @param proxies which proxies listen
   * @param listeners what they listen on; not empty
   * @param authz who is asked whether a request may pass; null for nobody
   * @param rateLimitService who counts requests for all gateways together; null for nobody
   * @param accessLog where requests are logged; null for nowhere
   * @param tracing where spans go; null for no tracing
   * @param client what clients may do; null for the defaults
   */
  public record Spec(
      @Required Proxies proxies,
      @Required List<Listener> listeners,
      @Nullable Authz authz,
      @Nullable RateLimitService rateLimitService,
      @Nullable AccessLog accessLog,
      @Nullable Tracing tracing,
      @Nullable ClientLimits client) {
    public Spec {
      Objects.requireNonNull(proxies);
      listeners = List.copyOf(listeners);
    }
  }

  /**
   * {@code Gateway.spec.proxies}.
   *
   * @param selector labels that a gateway proxy of this namespace must carry; not empty
   */
  public record Proxies(@Required SortedMap<String, String> selector) {
    public Proxies {
      selector = Collections.unmodifiableSortedMap(new TreeMap<>(selector));
    }
  }

  /**
   * {@code Gateway.spec.listeners[]}.
   *
   * @param name a DNS label, unique within the gateway
   * @param port 1 to 65535
   * @param protocol what it speaks
   * @param hosts exact names or {@code *.x}; empty for every host, and with TCP
   * @param tls the certificate that it shows; with HTTPS only, and always with that
   */
  public record Listener(
      @Required String name,
      @Required Integer port,
      @Required ListenerProtocol protocol,
      List<String> hosts,
      @Nullable Tls tls) {
    public Listener {
      Objects.requireNonNull(name);
      Objects.requireNonNull(port);
      Objects.requireNonNull(protocol);
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * {@code Gateway.spec.listeners[].tls}.
   *
   * @param secret whose {@code tls.crt} and {@code tls.key} are shown; of the gateway's namespace
   * @param minVersion the oldest TLS that clients may speak; null for 1.2
   */
  public record Tls(@Required String secret, @Nullable TlsVersion minVersion) {
    public Tls {
      Objects.requireNonNull(secret);
    }
  }

  /** What a gateway's listener speaks. */
  public enum ListenerProtocol {
    HTTP("HTTP"),
    /** HTTP over TLS; listeners that share a port are told apart by the server name. */
    HTTPS("HTTPS"),
    /** Connections, to the TCP service whose policy names the listener. */
    TCP("TCP");

    private final String text;

    ListenerProtocol(String text) {
      this.text = text;
    }

    /** As documents write it. */
    @Override
    public String toString() {
      return text;
    }
  }
}
