package dev.sluice.server.admin;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends connections whose requests come drop by drop, which an idle timeout never sees: those that
 * brought bytes, but no whole head of a request, in two spans of time.
 */
final class SlowClients implements Connection.Listener {
  private static final int MOST_SPANS = 2;

  private final Scheduler scheduler;
  private final Duration span;

  SlowClients(Scheduler scheduler, Duration span) {
    this.scheduler = scheduler;
    this.span = span;
  }

  @Override
  public void onOpened(Connection connection) {
    new Watch(connection).again();
  }

  /** One connection; the scheduler runs one look after the other. */
  private final class Watch implements Runnable {
    private final Connection connection;
    private long bytes;
    private long heads;
    private int slow;

    Watch(Connection connection) {
      this.connection = connection;
    }

    void again() {
      var _ = scheduler.schedule(this, span.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
      if (!connection.getEndPoint().isOpen()) {
        return;
      }
      if (connection instanceof SslConnection tls) {
        slow++;
        if (isShakingHands(tls)) {
          endOr(this::again);
        }
        return; // What comes after its handshake is the connection's above it.
      }
      long bytesNow = connection.getBytesIn();
      long headsNow = connection.getMessagesIn();
      slow = headsNow != heads ? 0 : bytesNow != bytes ? slow + 1 : slow;
      bytes = bytesNow;
      heads = headsNow;
      endOr(this::again);
    }

    private void endOr(Runnable next) {
      if (slow >= MOST_SPANS) {
        connection.getEndPoint().close();
      } else {
        next.run();
      }
    }
  }

  /** The JDK's name of no cipher yet. */
  private static boolean isShakingHands(SslConnection tls) {
    return tls.getSSLEngine().getSession().getCipherSuite().equals("SSL_NULL_WITH_NULL_NULL");
  }
}
