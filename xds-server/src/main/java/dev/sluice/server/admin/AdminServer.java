package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.problem.Problem;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.source.SourceStatus;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link AdminViews}, health and metrics over HTTP; all of it is read-only. */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Marks a request whose refusal has its own message. */
  private static final String ANSWERED = "sluice.answered";

  private static final int MOST_THREADS = 12;
  private static final int FEWEST_THREADS = 2;

  private final Javalin javalin;
  private final AdminViews views;
  private final HostPort address;

  private AdminServer(
      HostPort address, String version, AdminViews views, PrometheusMeterRegistry metrics) {
    this.address = address;
    this.views = views;
    this.javalin =
        Javalin.create(
            config -> {
              quiet(config);
              routes(config, version, metrics);
            });
  }

  /**
   * Serves until it is closed.
   *
   * @param address where; port 0 lets the system choose
   * @param version of the product, as {@code /v1/version} tells it
   * @throws IOException when the address cannot be listened on; the message names it
   */
  public static AdminServer start(
      HostPort address, String version, AdminViews views, PrometheusMeterRegistry metrics)
      throws IOException {
    AdminServer server = new AdminServer(address, version, views, metrics);
    try {
      server.javalin.start(address.host(), address.port());
    } catch (RuntimeException e) {
      server.close();
      throw new IOException("the admin API cannot listen on " + address + ": " + rootWords(e), e);
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
  }

  private static String rootWords(Throwable problem) {
    Throwable at = problem;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return String.valueOf(at.getMessage());
  }

  private static void quiet(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS);
    threads.setName("admin");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
  }

  private void routes(JavalinConfig config, String version, PrometheusMeterRegistry metrics) {
    config
        .routes
        .get("/livez", context -> context.result("ok\n"))
        .get("/readyz", this::ready)
        .get(
            "/metrics",
            context -> context.contentType("text/plain; version=0.0.4").result(metrics.scrape()))
        .get("/v1/version", context -> answer(context, JSON.objectNode().put("version", version)))
        .get(
            "/v1/proxies",
            context -> list(context, "proxies", views.proxies().get(), AdminJson::proxy))
        .get("/v1/proxies/{id}", context -> answer(context, AdminJson.proxy(proxy(context))))
        .get(
            "/v1/proxies/{id}/snapshot",
            context -> answer(context, SnapshotJson.of(proxy(context))))
        .get(
            "/v1/services",
            context ->
                list(
                    context,
                    "services",
                    views.catalog().get().services().values(),
                    AdminJson::service))
        .get("/v1/policies", this::policies)
        .get(
            "/v1/quarantine",
            context ->
                list(context, "quarantine", views.quarantine().get(), AdminJson::quarantined))
        .get(
            "/v1/canaries",
            context -> list(context, "canaries", views.canaries().get(), AdminJson::canary))
        .get(
            "/v1/sources",
            context -> list(context, "sources", views.sources().get(), AdminJson::source))
        .get(
            "/v1/problems",
            context ->
                answer(
                    context, JSON.objectNode().set("problems", AdminJson.problems(allProblems()))))
        .get("/v1/rate-limits", context -> answer(context, RateLimitsJson.of(rateLimits())))
        .get("/v1/rate-limits/{domain}", this::rateLimits)
        .get("/v1/load", context -> answer(context, LoadJson.of(views.load().get())))
        .exception(HttpResponseException.class, AdminServer::refused)
        .exception(Exception.class, AdminServer::failed)
        .error(
            HttpStatus.NOT_FOUND.getCode(),
            context -> {
              if (context.attribute(ANSWERED) == null) {
                error(context, HttpStatus.NOT_FOUND, "there is nothing at " + context.path());
              }
            });
  }

  private void policies(Context context) {
    List<Quarantined> quarantine = views.quarantine().get();
    List<ConfigCanary> canaries = views.canaries().get();
    list(
        context,
        "policies",
        views.policies().get().entrySet(),
        policy -> AdminJson.policy(policy, quarantine, canaries));
  }

  private void ready(Context context) {
    if (views.stopping().getAsBoolean()) {
      context.status(HttpStatus.SERVICE_UNAVAILABLE).result("not ready\nthe server is stopping\n");
      return;
    }
    List<SourceStatus> missing = missing();
    if (missing.isEmpty()) {
      context.result("ok\n");
      return;
    }
    StringBuilder text = new StringBuilder("not ready\n");
    for (SourceStatus source : missing) {
      text.append(source.source())
          .append(" has not synced: ")
          .append(Objects.requireNonNullElse(source.message(), "it is still starting"))
          .append('\n');
    }
    context.status(HttpStatus.SERVICE_UNAVAILABLE).result(text.toString());
  }

  /** The sources that have not told all they know. */
  private List<SourceStatus> missing() {
    return views.sources().get().stream()
        .filter(source -> source.state() == SourceStatus.State.STARTING)
        .toList();
  }

  /**
   * Nothing before every source has told what it knows: who takes it as it is would have a service
   * forget its limits.
   */
  private SortedMap<String, String> rateLimits() {
    if (!missing().isEmpty()) {
      throw new ServiceUnavailableResponse(
          "not every source has synced, so that limits may be missing; see /readyz");
    }
    return views.rateLimits().get();
  }

  private void rateLimits(Context context) {
    String domain = context.pathParam("domain");
    SortedMap<String, String> files = rateLimits();
    String file = files.get(domain);
    if (file == null) {
      String domains = files.isEmpty() ? "none" : String.join(", ", files.keySet());
      throw new NotFoundResponse(
          "no Gateway has a rateLimitService of the domain \"%s\" (domains: %s)"
              .formatted(domain, domains));
    }
    context.contentType("application/yaml").result(file);
  }

  /** Of documents that could not be read, and of those that could. */
  private SortedSet<Problem> allProblems() {
    SortedSet<Problem> all = new TreeSet<>(views.problems().get());
    views.sources().get().forEach(source -> all.addAll(source.problems()));
    return all;
  }

  /** The proxy that the path names; of several with one id the one that connected last. */
  private ProxyStatus proxy(Context context) {
    String id = context.pathParam("id");
    Optional<ProxyStatus> found =
        views.proxies().get().stream()
            .filter(proxy -> proxy.id().equals(id))
            .max(Comparator.comparing(ProxyStatus::since));
    return found.orElseThrow(
        () -> new NotFoundResponse("no proxy \"" + id + "\" is connected; see /v1/proxies"));
  }

  private static <T> void list(
      Context context, String name, Collection<T> items, Function<T, ObjectNode> json) {
    ObjectNode answer = JSON.objectNode();
    ArrayNode list = answer.putArray(name);
    items.forEach(item -> list.add(json.apply(item)));
    answer(context, answer);
  }

  private static void answer(Context context, ObjectNode json) {
    context.contentType("application/json").result(json.toPrettyString() + "\n");
  }

  private static void refused(HttpResponseException problem, Context context) {
    error(
        context,
        HttpStatus.forStatus(problem.getStatus()),
        Objects.requireNonNullElse(problem.getMessage(), "refused"));
  }

  private static void failed(Exception problem, Context context) {
    LOG.error("GET {} failed", context.path(), problem);
    error(context, HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says why");
  }

  private static void error(Context context, HttpStatus status, String message) {
    context.attribute(ANSWERED, true);
    answer(context.status(status), JSON.objectNode().put("message", message));
  }
}
