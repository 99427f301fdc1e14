package dev.sluice.server.admin;

import static dev.sluice.server.admin.HttpListener.answer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.problem.Problem;
import dev.sluice.server.overrides.Overrides;
import dev.sluice.server.settings.AdminAccess;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.transport.ServerKeys;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportMetrics;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Quarantined;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves {@link AdminViews}, health, metrics and what {@link AdminRoutes} add over HTTP. */
public final class AdminServer implements AutoCloseable {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final AdminViews views;
  private final Telemetry telemetry;
  private final List<AdminRoutes> more;
  private final Gate gate;
  private final RequestMeters meters;
  private final @Nullable ServerKeys keys;
  private final HttpListener listener;

  private AdminServer(
      Connector connector,
      Tokens tokens,
      String version,
      AdminViews views,
      PrometheusMeterRegistry metrics,
      List<AdminRoutes> more)
      throws IOException {
    this.views = views;
    this.more = List.copyOf(more);
    this.telemetry = new Telemetry(views, metrics);
    this.gate = new Gate(tokens);
    this.meters = new RequestMeters(metrics);
    this.keys = connector.keys();
    this.listener =
        HttpListener.start("the admin API", connector, routes -> routes(routes, version));
  }

  /**
   * Serves whoever can connect, until it is closed.
   *
   * @param address where; port 0 lets the system choose
   * @param version of the product, as {@code /v1/version} tells it
   * @param overrides takes instances out of traffic, and back in
   * @param more what else is served
   * @throws IOException when the address cannot be listened on; the message names it
   */
  public static AdminServer start(
      HostPort address,
      String version,
      AdminViews views,
      PrometheusMeterRegistry metrics,
      Overrides overrides,
      AdminRoutes... more)
      throws IOException {
    return start(
        address, AdminAccess.OPEN, TransportMetrics.NONE, version, views, metrics, overrides, more);
  }

  /**
   * Serves until it is closed.
   *
   * @param address where; port 0 lets the system choose
   * @param access who may ask, and how the way is secured
   * @param tls is told of the certificate
   * @param version of the product, as {@code /v1/version} tells it
   * @param overrides takes instances out of traffic, and back in
   * @param more what else is served
   * @throws IOException when the address cannot be listened on, or a file of TLS or of a token
   *     cannot be used; the message names it
   */
  public static AdminServer start(
      HostPort address,
      AdminAccess access,
      TransportMetrics tls,
      String version,
      AdminViews views,
      PrometheusMeterRegistry metrics,
      Overrides overrides,
      AdminRoutes... more)
      throws IOException {
    Tokens tokens = new Tokens(access.tokens(), System::nanoTime);
    TlsFiles files = access.tls();
    ServerKeys keys = files == null ? null : ServerKeys.of("admin", files, tls);
    List<AdminRoutes> parts = new ArrayList<>(List.of(more));
    parts.add(new OverrideRoutes(overrides));
    return new AdminServer(Connector.at(address, keys), tokens, version, views, metrics, parts);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** What is served, such as {@code GET /livez}, sorted. */
  SortedSet<String> served() {
    return listener.served();
  }

  @Override
  public void close() {
    listener.close();
    if (keys != null) {
      keys.close();
    }
  }

  private void routes(RoutesConfig routes, String version) {
    meters.addTo(routes);
    gate.addTo(routes);
    new Turns().addTo(routes);
    telemetry.addTo(routes);
    more.forEach(part -> part.addTo(routes));
    OpenApi.read().addTo(routes);
    new ExplainRoutes(views.explain()).addTo(routes);
    routes
        .get("/v1/version", context -> answer(context, JSON.objectNode().put("version", version)))
        .get(
            "/v1/proxies",
            context ->
                answer(context, AdminJson.proxies(views.proxies().get(), views.departed().get())))
        .get("/v1/proxies/{id}", context -> answer(context, AdminJson.proxy(proxy(context))))
        .get(
            "/v1/proxies/{id}/snapshot",
            context -> answer(context, SnapshotJson.of(proxy(context))))
        .get(
            "/v1/services",
            context ->
                answer(context, ServicesJson.of(views.image().get(), ServiceQuery.of(context))))
        .get("/v1/policies", this::policies)
        .get(
            "/v1/history",
            context ->
                answer(context, HistoryJson.of(views.history().get(), HistoryQuery.of(context))))
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
        .get("/v1/load", context -> answer(context, LoadJson.of(views.load().get())));
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

  /**
   * Nothing before every source has told what it knows: who takes it as it is would have a service
   * forget its limits.
   */
  private SortedMap<String, String> rateLimits() {
    if (!telemetry.missing().isEmpty()) {
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
        () ->
            new NotFoundResponse(
                "no proxy \"%s\" is connected%s; 'sluice get proxies' names those that are"
                    .formatted(id, whyLeft(id))));
  }

  private String whyLeft(String id) {
    return views.departed().get().stream()
        .filter(one -> one.id().equals(id))
        .map(one -> ": it left at %s (%s)".formatted(one.at(), one.why()))
        .findFirst()
        .orElse("");
  }

  private static <T> void list(
      Context context, String name, Collection<T> items, Function<T, ObjectNode> json) {
    ObjectNode answer = JSON.objectNode();
    ArrayNode list = answer.putArray(name);
    items.forEach(item -> list.add(json.apply(item)));
    answer(context, answer);
  }
}
