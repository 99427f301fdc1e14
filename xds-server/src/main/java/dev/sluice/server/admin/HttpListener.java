package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.settings.HostPort;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.router.Endpoint;
import io.javalin.router.InternalRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An address on which HTTP is served; what fails or is not there is answered in JSON. */
final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  /** Marks a request whose refusal has its own message. */
  private static final String ANSWERED = "sluice.answered";

  /** A part of a path that leads elsewhere. */
  private static final Pattern DOTS =
      Pattern.compile("(.*(/|%2f))?(\\.|%2e){1,2}((/|;|%2f).*)?", Pattern.CASE_INSENSITIVE);

  private static final long LARGEST_BODY = 1 << 20;
  private static final int LONGEST_NUMBER = 18;

  /** More than {@link Turns} gives, and than Jetty needs: {@code /livez} is to be answered too. */
  private static final int MOST_THREADS = 24;

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
   * @param connector where and how
   * @param routes adds what is served
   * @throws IOException when the address cannot be listened on; the message names it
   */
  static HttpListener start(String what, Connector connector, Consumer<RoutesConfig> routes)
      throws IOException {
    HostPort address = connector.address();
    Javalin javalin =
        Javalin.create(
            config -> {
              quiet(config, what);
              config.http.maxRequestSize = LARGEST_BODY;
              config.http.prefer405over404 = true;
              config.jetty.addConnector(connector::of);
              config.jetty.modifyServer(server -> server.setErrorHandler(HttpListener::unreadable));
              config.routes.before(HttpListener::refuseDots);
              routes.accept(config.routes);
              config.routes.beforeMatched(HttpListener::refuseLarge);
              refusals(config.routes);
            });
    answerHeads(javalin.unsafe.internalRouter);
    HttpListener listener = new HttpListener(address, javalin);
    try {
      javalin.start();
    } catch (RuntimeException e) {
      listener.close();
      throw new IOException(what + " cannot listen on " + address + ": " + rootWords(e), e);
    }
    return listener;
  }

  /** As GET would, but for the body, which Jetty leaves out; by itself Javalin says 200 to all. */
  private static void answerHeads(InternalRouter router) {
    router.allHttpHandlers().stream()
        .map(one -> one.endpoint)
        .filter(one -> one.method.equals(HandlerType.GET))
        .toList()
        .forEach(
            one ->
                router.addHttpEndpoint(
                    Endpoint.create(HandlerType.HEAD, one.path).handler(one.handler)));
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return new InetSocketAddress(address.host(), javalin.port());
  }

  /** What is served, such as {@code GET /livez}, sorted; where GET is, HEAD is too. */
  SortedSet<String> served() {
    SortedSet<String> served = new TreeSet<>();
    javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .map(one -> one.endpoint)
        .filter(one -> one.method.isHttpMethod() && !one.method.equals(HandlerType.HEAD))
        .forEach(one -> served.add(one.method.name() + " " + one.path));
    return served;
  }

  @Override
  public void close() {
    javalin.stop();
  }

  static void answer(Context context, ObjectNode json) {
    context.contentType("application/json").result(json + "\n");
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
        .exception(EofException.class, HttpListener::left)
        .exception(ClosedChannelException.class, HttpListener::left)
        .exception(IOException.class, HttpListener::unread)
        .exception(
            UncheckedIOException.class,
            (e, context) -> unread(Objects.requireNonNull(e.getCause()), context))
        .exception(Exception.class, HttpListener::failed)
        .error(
            HttpStatus.NOT_FOUND.getCode(),
            context -> {
              if (context.attribute(ANSWERED) == null) {
                error(context, HttpStatus.NOT_FOUND, "there is nothing at " + context.path());
              }
            });
  }

  /** Documents may come in numbers; nothing else is long. */
  private static long largest(Context context) {
    return GivenTexts.areFor(context) ? GivenTexts.MOST_BYTES : LARGEST_BODY;
  }

  private static void refuseDots(Context context) {
    if (DOTS.matcher(context.path()).matches()) {
      throw new BadRequestResponse("the path has a part that is . or ..; write where it leads");
    }
  }

  /** What need not be read; after the gate, so that the audit has it. */
  private static void refuseLarge(Context context) {
    String length = Objects.requireNonNullElse(context.header("Content-Length"), "0");
    if (length.length() > LONGEST_NUMBER || Long.parseLong(length) > largest(context)) {
      throw new ContentTooLargeResponse();
    }
  }

  private static void refused(HttpResponseException problem, Context context) {
    HttpStatus status = HttpStatus.forStatus(problem.getStatus());
    error(
        context,
        status,
        switch (status) {
          case CONTENT_TOO_LARGE -> "the body is larger than " + largest(context) + " bytes";
          case METHOD_NOT_ALLOWED -> notAllowed(problem, context);
          default -> Objects.requireNonNullElse(problem.getMessage(), "refused");
        });
  }

  private static String notAllowed(HttpResponseException problem, Context context) {
    String allowed = String.join(", ", problem.getDetails().values());
    context.header("Allow", allowed);
    return "%s is no method of %s, which has %s"
        .formatted(context.method(), context.path(), allowed);
  }

  /**
   * Answers what is no request that could be given to a route: bad HTTP, a head that is too large.
   */
  private static boolean unreadable(Request request, Response response, Callback callback) {
    String message =
        JsonNodeFactory.instance
            .objectNode()
            .put(
                "message",
                "the request cannot be read: " + HttpStatus.forStatus(response.getStatus()))
            .toPrettyString();
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    Content.Sink.write(response, true, message + "\n", callback);
    return true;
  }

  /** What a request that was refused was told; null for others. */
  static @Nullable String message(Context context) {
    return context.attribute(ANSWERED);
  }

  /** Nobody is there to be told. */
  private static void left(IOException problem, Context context) {
    LOG.debug("{} {}: the client has left", context.method(), context.path(), problem);
    error(context, HttpStatus.BAD_REQUEST, "the body has no end");
  }

  /** A body that could not be read to its end. */
  private static void unread(IOException problem, Context context) {
    switch (problem) {
      case EofException _ -> left(problem, context);
      case ClosedChannelException _ -> left(problem, context);
      case IOException it when it.getCause() instanceof TimeoutException -> {
        LOG.debug("{} {}: the body does not come", context.method(), context.path(), problem);
        context.header("Connection", "close");
        error(context, HttpStatus.REQUEST_TIMEOUT, "the rest of the body does not come");
      }
      default -> failed(problem, context);
    }
  }

  private static void failed(Exception problem, Context context) {
    LOG.error("{} {} failed", context.method(), context.path(), problem);
    error(context, HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says why");
  }

  private static void error(Context context, HttpStatus status, String message) {
    context.attribute(ANSWERED, message);
    answer(context.status(status), JsonNodeFactory.instance.objectNode().put("message", message));
  }
}
