package dev.sluice.server.settings;

import dev.sluice.server.settings.ServerSettings.Writing;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportSettings;
import dev.sluice.spec.Resilience;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one place, the configuration file or the command line, says of the server's settings.
 *
 * @param sources what is watched; empty where nothing is said
 * @param xds where proxies connect; null where nothing is said
 * @param tls the xDS port's files; null where nothing is said
 * @param transport what else holds for the xDS port; null where nothing is said
 * @param deadlines how long one proxy is waited for; null where nothing is said
 * @param admin where the commands connect; null where nothing is said
 * @param telemetry where probes and metrics are served beside the admin API; null where nothing is
 *     said
 * @param webhook how API servers ask; null where nothing is said
 * @param defaults what holds for every service
 * @param rollout to whom a changed configuration comes first; null where nothing is said
 * @param loadReportInterval how often proxies report their load; null where nothing is said
 * @param state where last good documents are kept; null where nothing is said
 * @param logLevel how much is logged; null where nothing is said
 * @param logJson whether the log is for machines; null where nothing is said
 * @param writing whether the admin API writes; null where nothing is said
 * @param access who may use the admin API; null where nothing is said
 * @param traces where traces are sent; null where nothing is said
 */
public record GivenSettings(
    SourceSettings sources,
    @Nullable HostPort xds,
    @Nullable TlsFiles tls,
    @Nullable TransportSettings transport,
    @Nullable Deadlines deadlines,
    @Nullable HostPort admin,
    @Nullable HostPort telemetry,
    @Nullable WebhookSettings webhook,
    Resilience defaults,
    @Nullable Rollout rollout,
    @Nullable Duration loadReportInterval,
    @Nullable Path state,
    @Nullable LogLevel logLevel,
    @Nullable Boolean logJson,
    @Nullable Writing writing,
    @Nullable AdminAccess access,
    @Nullable URI traces) {
  /** Nothing is said. */
  public static final GivenSettings NONE =
      new GivenSettings(
          SourceSettings.NONE,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          Resilience.NONE,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null);

  public GivenSettings {
    Objects.requireNonNull(sources);
    Objects.requireNonNull(defaults);
  }

  /** These, and those of {@code other} where these say nothing. */
  public GivenSettings over(GivenSettings other) {
    return new GivenSettings(
        sources.over(other.sources),
        xds == null ? other.xds : xds,
        tls == null ? other.tls : tls,
        transport == null ? other.transport : transport,
        deadlines == null ? other.deadlines : deadlines,
        admin == null ? other.admin : admin,
        telemetry == null ? other.telemetry : telemetry,
        webhook == null ? other.webhook : webhook,
        defaults.equals(Resilience.NONE) ? other.defaults : defaults,
        rollout == null ? other.rollout : rollout,
        loadReportInterval == null ? other.loadReportInterval : loadReportInterval,
        state == null ? other.state : state,
        logLevel == null ? other.logLevel : logLevel,
        logJson == null ? other.logJson : logJson,
        writing == null ? other.writing : writing,
        access == null ? other.access : access,
        traces == null ? other.traces : traces);
  }

  /** What the server starts with: these, and the defaults. */
  public ServerSettings complete() {
    return new ServerSettings(
        sources,
        Objects.requireNonNullElse(xds, ServerSettings.DEFAULT_XDS),
        Objects.requireNonNullElse(admin, ServerSettings.DEFAULT_ADMIN),
        telemetry,
        webhook,
        defaults,
        rollout,
        Objects.requireNonNullElse(loadReportInterval, ServerSettings.DEFAULT_LOAD_REPORT_INTERVAL),
        state,
        Objects.requireNonNullElse(transport, TransportSettings.DEFAULT).withTls(tls),
        Objects.requireNonNullElse(deadlines, Deadlines.DEFAULT),
        Objects.requireNonNullElse(writing, Writing.ON),
        Objects.requireNonNullElse(access, AdminAccess.OPEN),
        traces);
  }

  /** Why the admin API may not listen where it is to, if so. */
  public Optional<String> wrongAdmin() {
    return Objects.requireNonNullElse(access, AdminAccess.OPEN)
        .wrongAt(Objects.requireNonNullElse(admin, ServerSettings.DEFAULT_ADMIN));
  }
}
