package dev.sluice.server.bootstrap;

import dev.sluice.server.settings.HostPort;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file that a gRPC client speaking xDS starts with: named by {@code GRPC_XDS_BOOTSTRAP}, or
 * given as text in {@code GRPC_XDS_BOOTSTRAP_CONFIG} (gRFC A27).
 *
 * @param node who the client is
 * @param xds where its control plane is
 * @param trust TLS to the control plane; null for none
 */
public record GrpcBootstrap(ProxyNode node, HostPort xds, @Nullable ServerTrust trust) {
  public GrpcBootstrap {
    Objects.requireNonNull(node);
    Objects.requireNonNull(xds);
  }

  /** A bootstrap without TLS. */
  public GrpcBootstrap(ProxyNode node, HostPort xds) {
    this(node, xds, null);
  }

  /** The file's text, JSON. */
  public String json() {
    return """
    {
      "xds_servers": [
        {
          "server_uri": %s,
          "channel_creds": [%s],
          "server_features": ["xds_v3"]
        }
      ],
      "node": {
        "id": %s,
        "cluster": %s,
        "locality": {"region": %s, "zone": %s},
        "metadata": {
          "sluice": %s
        }
      }
    }
    """
        .formatted(
            FlowText.quote(xds.toString()),
            FlowText.of(trust == null ? Map.of("type", "insecure") : trust.grpcCredentials()),
            FlowText.quote(node.id()),
            FlowText.quote(node.group().service().name()),
            FlowText.quote(node.group().locality().region()),
            FlowText.quote(node.group().locality().zone()),
            FlowText.of(NodeMetadata.of(node.group())));
  }
}
