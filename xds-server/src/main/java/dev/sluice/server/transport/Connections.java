package dev.sluice.server.transport;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The connections that are open, each with the peer that its handshake proved. */
final class Connections extends ServerTransportFilter {
  private static final int URI_NAME = 6; // GeneralName.uniformResourceIdentifier, RFC 5280.
  private static final Attributes.Key<Connection> KEY =
      Attributes.Key.create(Connection.class.getName());

  private final List<IdentityRule> rules;
  private final TransportMetrics metrics;
  private final EventLoops loops;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  Connections(List<IdentityRule> rules, TransportMetrics metrics, EventLoops loops) {
    this.rules = rules;
    this.metrics = metrics;
    this.loops = loops;
  }

  /** The connection that a call's attributes came by. */
  static Connection of(Attributes attributes) {
    return Objects.requireNonNull(attributes.get(KEY), "every transport passes the filter");
  }

  /** Those with a call. */
  List<Connection> busy() {
    return open.stream().filter(connection -> !connection.isIdle()).toList();
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    SocketAddress address = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    Connection connection =
        new Connection(
            new Peer(String.valueOf(address), uriNames(session), rules, metrics, loops.current()));
    open.add(connection);
    metrics.connected();
    return attributes.toBuilder().set(KEY, connection).build();
  }

  @Override
  public void transportTerminated(@Nullable Attributes attributes) {
    Connection connection = attributes == null ? null : attributes.get(KEY);
    if (connection != null && open.remove(connection)) {
      metrics.disconnected();
    }
  }

  private static List<String> uriNames(@Nullable SSLSession session) {
    if (session == null) {
      return List.of();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate leaf
          ? uriNames(leaf.getSubjectAlternativeNames())
          : List.of();
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      return List.of(); // No certificate was wanted, or its names cannot be read: it proves none.
    }
  }

  private static List<String> uriNames(@Nullable Collection<List<?>> names) {
    return names == null
        ? List.of()
        : names.stream()
            .filter(name -> name.getFirst().equals(URI_NAME))
            .map(name -> (String) name.get(1))
            .toList();
  }
}
