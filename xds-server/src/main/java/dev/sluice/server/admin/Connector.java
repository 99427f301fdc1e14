package dev.sluice.server.admin;

import dev.sluice.server.settings.HostPort;
import dev.sluice.server.transport.ServerKeys;
import java.time.Duration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * How connections are made and bounded.
 *
 * @param address where
 * @param keys of TLS; null for plain text
 * @param mostConnections more wait until one ends
 * @param slow a span of time in which bytes are counted; see {@link SlowClients}
 * @param idle after which a connection without bytes is ended
 */
record Connector(
    HostPort address,
    @Nullable ServerKeys keys,
    int mostConnections,
    Duration slow,
    Duration idle) {
  private static final int MOST_CONNECTIONS = 200;
  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final int LARGEST_HEAD = 16 << 10;

  static Connector at(HostPort address, @Nullable ServerKeys keys) {
    return new Connector(address, keys, MOST_CONNECTIONS, SLOW, IDLE);
  }

  ServerConnector of(Server server, HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(LARGEST_HEAD);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ServerConnector connector =
        keys == null
            ? new ServerConnector(server, plain)
            : new ServerConnector(server, tls(keys), plain);
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.setIdleTimeout(idle.toMillis());
    connector.addBean(new NetworkConnectionLimit(mostConnections, connector));
    connector.addBean(new SlowClients(connector.getScheduler(), slow));
    return connector;
  }

  private static SslConnectionFactory tls(ServerKeys keys) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(keys.context());
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    tls.setNeedClientAuth(keys.isMutual());
    return new SslConnectionFactory(tls, "http/1.1");
  }
}
