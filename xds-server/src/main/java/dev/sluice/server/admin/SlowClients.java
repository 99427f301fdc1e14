package dev.sluice.server.admin;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends connections whose requests come drop by drop, which an idle timeout never sees: those that
 * brought bytes, but few of them and no whole head of a request, in two spans of time, or no whole
 * head in twelve.
 */
final class SlowClients implements Connection.Listener {
  private static final int MOST_SPANS = 2;
  private static final int MOST_SPANS_OF_ONE = 12;

  /** What comes faster than that, in a second, may be long. */
  private static final long SLOW_BYTES = 16 << 10;

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

    /** In which something came, since the last head. */
    private int spans;

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
      if (headsNow != heads) {
        slow = 0;
        spans = 0;
      } else if (bytesNow != bytes) {
        slow = (bytesNow - bytes) * 1000 < SLOW_BYTES * span.toMillis() ? slow + 1 : 0;
        spans++;
      }
      bytes = bytesNow;
      heads = headsNow;
      endOr(this::again);
    }

    private void endOr(Runnable next) {
      if (slow >= MOST_SPANS || spans >= MOST_SPANS_OF_ONE) {
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
