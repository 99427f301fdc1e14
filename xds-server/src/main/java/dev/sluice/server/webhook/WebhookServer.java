package dev.sluice.server.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.WebhookSettings;
import dev.sluice.server.transport.ServerKeys;
import dev.sluice.server.transport.TransportMetrics;
import dev.sluice.server.webhook.ReviewMeters.Outcome;
import dev.sluice.source.DocumentReader;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers API servers over HTTPS: {@code POST /validate} takes an {@code AdmissionReview} and says
 * whether its object may be stored.
 */
public final class WebhookServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);

  /** An API server takes objects of 3 MiB at most, and asks of the one before and the one after. */
  private static final long LARGEST_REVIEW = 8L << 20;

  private static final int MOST_THREADS = 12;
  private static final int FEWEST_THREADS = 2;

  private final HostPort address;
  private final ServerKeys keys;
  private final DocumentReader reader;
  private final ReviewMeters meters;
  private final Javalin javalin;

  private WebhookServer(
      HostPort address, ServerKeys keys, DocumentReader reader, MeterRegistry registry) {
    this.address = address;
    this.keys = keys;
    this.reader = reader;
    this.meters = new ReviewMeters(registry);
    this.javalin = Javalin.create(this::configure);
  }

  /**
   * Serves until it is closed.
   *
   * @param settings where; port 0 lets the system choose
   * @param reader judges objects
   * @param tls is told of the certificate
   * @throws IOException when the address cannot be listened on, or a TLS file cannot be used; the
   *     message names it
   */
  public static WebhookServer start(
      WebhookSettings settings, DocumentReader reader, MeterRegistry registry, TransportMetrics tls)
      throws IOException {
    ServerKeys keys = ServerKeys.of("webhook", settings.tls(), tls);
    WebhookServer server = new WebhookServer(settings.address(), keys, reader, registry);
    try {
      server.javalin.start();
    } catch (RuntimeException e) {
      server.close();
      throw new IOException(
          "the webhook cannot listen on " + settings.address() + ": " + rootWords(e), e);
    }
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(address.host(), javalin.port());
  }

  @Override
  public void close() {
    javalin.stop();
    keys.close();
  }

  private static String rootWords(Throwable problem) {
    Throwable at = problem;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return String.valueOf(at.getMessage());
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = LARGEST_REVIEW;
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
    threads.setName("webhook");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.addConnector(this::connector);
    config
        .routes
        .post("/validate", this::validate)
        .exception(IllegibleReviewException.class, WebhookServer::illegible)
        .exception(Exception.class, WebhookServer::failed);
  }

  private ServerConnector connector(Server server, HttpConfiguration http) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(keys.context());
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    ServerConnector connector =
        new ServerConnector(
            server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
    connector.setHost(address.host());
    connector.setPort(address.port());
    return connector;
  }

  private void validate(Context context) throws IllegibleReviewException {
    long began = System.nanoTime();
    Review review;
    try {
      review = Review.read(context.bodyAsBytes());
    } catch (IllegibleReviewException e) {
      meters.answered(Outcome.ILLEGIBLE, began);
      throw e;
    }
    Verdict verdict = Verdict.on(review, reader);
    context.contentType("application/json").result(verdict.json(review.uid()).toString());
    meters.answered(verdict.isAllowed() ? Outcome.ALLOWED : Outcome.DENIED, began);
  }

  private static void illegible(IllegibleReviewException problem, Context context) {
    error(context, HttpStatus.BAD_REQUEST, "the request's body " + problem.getMessage());
  }

  private static void failed(Exception problem, Context context) {
    LOG.error("{} {} failed", context.method(), context.path(), problem);
    error(context, HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says why");
  }

  private static void error(Context context, HttpStatus status, String message) {
    context
        .status(status)
        .contentType("application/json")
        .result(JsonNodeFactory.instance.objectNode().put("message", message).toString() + "\n");
  }
}
