package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.settings.HostPort;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An address on which HTTP is served; what fails or is not there is answered in JSON. */
final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  /** Marks a request whose refusal has its own message. */
  private static final String ANSWERED = "sluice.answered";

  private static final int MOST_THREADS = 12;
  private static final int FEWEST_THREADS = 2;

  private final Javalin javalin;
  private final HostPort address;

  private HttpListener(HostPort address, Javalin javalin) {
    this.address = address;
    this.javalin = javalin;
  }

  /**
   * Serves until it is closed.
   *
   * @param what it is, as its threads and its error call it
   * @param address where; port 0 lets the system choose
   * @param routes adds what is served
   * @throws IOException when the address cannot be listened on; the message names it
   */
  static HttpListener start(String what, HostPort address, Consumer<RoutesConfig> routes)
      throws IOException {
    Javalin javalin =
        Javalin.create(
            config -> {
              quiet(config, what);
              routes.accept(config.routes);
              refusals(config.routes);
            });
    HttpListener listener = new HttpListener(address, javalin);
    try {
      javalin.start(address.host(), address.port());
    } catch (RuntimeException e) {
      listener.close();
      throw new IOException(what + " cannot listen on " + address + ": " + rootWords(e), e);
    }
    return listener;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return new InetSocketAddress(address.host(), javalin.port());
  }

  /** What is served, such as {@code GET /livez}, sorted. */
  SortedSet<String> served() {
    SortedSet<String> served = new TreeSet<>();
    javalin
        .unsafe
        .internalRouter
        .allHttpHandlers()
        .forEach(one -> served.add(one.endpoint.method.name() + " " + one.endpoint.path));
    return served;
  }

  @Override
  public void close() {
    javalin.stop();
  }

  static void answer(Context context, ObjectNode json) {
    context.contentType("application/json").result(json.toPrettyString() + "\n");
  }

  private static String rootWords(Throwable problem) {
    Throwable at = problem;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return String.valueOf(at.getMessage());
  }

  private static void quiet(JavalinConfig config, String what) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
    threads.setName(what);
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
  }

  private static void refusals(RoutesConfig routes) {
    routes
        .exception(HttpResponseException.class, HttpListener::refused)
        .exception(Exception.class, HttpListener::failed)
        .error(
            HttpStatus.NOT_FOUND.getCode(),
            context -> {
              if (context.attribute(ANSWERED) == null) {
                error(context, HttpStatus.NOT_FOUND, "there is nothing at " + context.path());
              }
            });
  }

  private static void refused(HttpResponseException problem, Context context) {
    error(
        context,
        HttpStatus.forStatus(problem.getStatus()),
        Objects.requireNonNullElse(problem.getMessage(), "refused"));
  }

  private static void failed(Exception problem, Context context) {
    LOG.error("{} {} failed", context.method(), context.path(), problem);
    error(context, HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says why");
  }

  private static void error(Context context, HttpStatus status, String message) {
    context.attribute(ANSWERED, true);
    answer(context.status(status), JsonNodeFactory.instance.objectNode().put("message", message));
  }
}
