package dev.sluice.server.bootstrap;

import dev.sluice.catalog.Locality;
import dev.sluice.server.settings.HostPort;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file that an Envoy starts with ({@code envoy.config.bootstrap.v3.Bootstrap}): it fetches
 * everything else by ADS.
 *
 * @param node who the proxy is
 * @param xds where its control plane is
 * @param adminPort port of Envoy's own admin interface on loopback; 0 lets the system choose
 * @param variant which of the two protocol variants it speaks
 * @param trust TLS to the control plane; null for none
 */
public record EnvoyBootstrap(
    ProxyNode node, HostPort xds, int adminPort, Variant variant, @Nullable ServerTrust trust) {
  /** The protocol variants of ADS. */
  public enum Variant {
    /** Only what differs is sent: the one to use. */
    DELTA("DELTA_GRPC"),
    /** Whole types are sent on every change. */
    STATE_OF_THE_WORLD("GRPC");

    private final String apiType;

    Variant(String apiType) {
      this.apiType = apiType;
    }
  }

  public EnvoyBootstrap {
    Objects.requireNonNull(node);
    Objects.requireNonNull(xds);
    Objects.requireNonNull(variant);
  }

  /** A bootstrap without TLS. */
  public EnvoyBootstrap(ProxyNode node, HostPort xds, int adminPort, Variant variant) {
    this(node, xds, adminPort, variant, null);
  }

  /** The file's text, YAML. */
  public String yaml() {
    return """
    # An Envoy of %s, configured by Sluice. Start it with: envoy -c THIS_FILE
    node:
      # Unique among all proxies; --service-node on Envoy's command line overrides it.
      id: %s
      cluster: %s
    %s  metadata:
        # What Sluice decides this proxy's view by.
        sluice: %s

    dynamic_resources:
      ads_config:
        api_type: %s
        transport_api_version: V3
        set_node_on_first_message_only: true
        grpc_services:
          - envoy_grpc: {cluster_name: sluice}
      cds_config: {ads: {}, resource_api_version: V3}
      lds_config: {ads: {}, resource_api_version: V3}

    static_resources:
      clusters:
        - name: sluice
          type: %s
          connect_timeout: 1s
          # Both keepalives, so that a control plane that is gone without a word is noticed.
          upstream_connection_options:
            tcp_keepalive: {keepalive_time: 30, keepalive_interval: 5, keepalive_probes: 3}
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config:
                http2_protocol_options:
                  connection_keepalive: {interval: 30s, timeout: 5s}
    %s      load_assignment:
            cluster_name: sluice
            endpoints:
              - lb_endpoints:
                  - endpoint:
                      address:
                        socket_address: {address: %s, port_value: %d}

    # Envoy's own interface: it can stop the proxy, so it stays on loopback.
    admin:
      address:
        socket_address: {address: 127.0.0.1, port_value: %d}
    """
        .formatted(
            node.group(),
            FlowText.quote(node.id()),
            FlowText.quote(node.group().service().name()),
            locality(),
            FlowText.of(NodeMetadata.of(node.group())),
            variant.apiType,
            xds.isIpLiteral() ? "STATIC" : "STRICT_DNS",
            transportSocket(),
            FlowText.quote(xds.host()),
            xds.port(),
            adminPort);
  }

  private String transportSocket() {
    return trust == null
        ? ""
        : "      transport_socket: %s\n".formatted(FlowText.of(trust.envoySocket(xds)));
  }

  private String locality() {
    Locality locality = node.group().locality();
    return locality.equals(Locality.UNKNOWN)
        ? ""
        : "  locality: {region: %s, zone: %s}\n"
            .formatted(FlowText.quote(locality.region()), FlowText.quote(locality.zone()));
  }
}
