package dev.sluice.server.transport;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that a port of the JDK's TLS shows, and the roots of those that its clients show
 * where they need one, taken up again whenever their files change. Made before its port, and closed
 * with it.
 */
public final class ServerKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerKeys.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Certificates certificates;
  private final ScheduledThreadPoolExecutor timer;

  private ServerKeys(String what, Certificates certificates) {
    this.certificates = certificates;
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name(what + "-tls").daemon().factory());
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Reads the files, and goes on looking at them.
   *
   * @param what the port is, as threads are named by it
   * @throws TlsFilesException where they cannot be used
   */
  public static ServerKeys of(String what, TlsFiles files, TransportMetrics metrics)
      throws TlsFilesException {
    return new ServerKeys(what, new Certificates(files, metrics, InstantSource.system()));
  }

  /** Makes handshakes with what is in use at the time of each. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] trust =
          certificates.isMutual() ? new TrustManager[] {certificates.trust()} : null;
      context.init(new KeyManager[] {certificates.keys()}, trust, null);
      // A resumed session would not be asked for a certificate again, after a root was withdrawn.
      context.getServerSessionContext().setSessionTimeout(1);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no TLS", e);
    }
  }

  /** Whether clients need a certificate. */
  public boolean isMutual() {
    return certificates.isMutual();
  }

  private void look() {
    try {
      certificates.look();
    } catch (RuntimeException e) {
      LOG.error("TLS: looking for changed files failed; trying again", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
