package dev.sluice.server.bootstrap;

import dev.sluice.server.settings.HostPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the control plane; the files are on the proxy's machine, PEM.
 *
 * @param ca roots of the control plane's certificate
 * @param client what the proxy shows of itself; null for nothing
 * @param serverName what the control plane's certificate has to name, a DNS name or a SPIFFE
 *     identity; null for the host to which the proxy connects
 */
public record ServerTrust(String ca, @Nullable Client client, @Nullable String serverName) {
  /** The scheme of SPIFFE identities. */
  private static final String SPIFFE = "spiffe://";

  /**
   * A client's certificate.
   *
   * @param cert its file
   * @param key the file of its private key
   */
  public record Client(String cert, String key) {
    public Client {
      Objects.requireNonNull(cert);
      Objects.requireNonNull(key);
    }
  }

  public ServerTrust {
    Objects.requireNonNull(ca);
  }

  /** {@code transport_socket} of the control plane's cluster in an Envoy's bootstrap. */
  Map<String, Object> envoySocket(HostPort xds) {
    Map<String, Object> common = new LinkedHashMap<>();
    common.put("tls_params", Map.of("tls_maximum_protocol_version", "TLSv1_3"));
    if (client != null) {
      Map<String, Object> own = new LinkedHashMap<>();
      own.put("certificate_chain", Map.of("filename", client.cert()));
      own.put("private_key", Map.of("filename", client.key()));
      common.put("tls_certificates", List.of(own));
    }
    Map<String, Object> validation = new LinkedHashMap<>();
    validation.put("trusted_ca", Map.of("filename", ca));
    // Without this any certificate of the root would do, another proxy's too.
    validation.put("match_typed_subject_alt_names", List.of(name(xds)));
    common.put("validation_context", validation);
    Map<String, Object> context = new LinkedHashMap<>();
    context.put(
        "@type",
        "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext");
    context.put("common_tls_context", common);
    if (!xds.isIpLiteral()) {
      context.put("sni", xds.host());
    }
    Map<String, Object> socket = new LinkedHashMap<>();
    socket.put("name", "envoy.transport_sockets.tls");
    socket.put("typed_config", context);
    return socket;
  }

  /** {@code envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher}. */
  private Map<String, Object> name(HostPort xds) {
    String name = serverName == null ? xds.host() : serverName;
    String type =
        name.startsWith(SPIFFE)
            ? "URI"
            : new HostPort(name, 0).isIpLiteral() ? "IP_ADDRESS" : "DNS";
    Map<String, Object> matcher = new LinkedHashMap<>();
    matcher.put("san_type", type);
    matcher.put("matcher", Map.of("exact", name));
    return matcher;
  }

  /** {@code channel_creds} of a gRPC client's bootstrap (gRFC A65). */
  Map<String, Object> grpcCredentials() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("ca_certificate_file", ca);
    if (client != null) {
      config.put("certificate_file", client.cert());
      config.put("private_key_file", client.key());
    }
    Map<String, Object> credentials = new LinkedHashMap<>();
    credentials.put("type", "tls");
    credentials.put("config", config);
    return credentials;
  }
}
