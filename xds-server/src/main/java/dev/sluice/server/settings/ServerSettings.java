package dev.sluice.server.settings;

import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportSettings;
import dev.sluice.spec.Resilience;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the server is told at its start, every default filled in.
 *
 * @param sources what is watched
 * @param xds where proxies connect; port 0 lets the system choose
 * @param admin where the commands connect; port 0 lets the system choose
 * @param telemetry where probes and metrics are served to other machines too; null for nowhere;
 *     port 0 lets the system choose
 * @param webhook how API servers ask whether an object may be stored; null where they do not
 * @param defaults what holds for every service where no policy says otherwise
 * @param rollout to whom a changed configuration comes first; null for all at once
 * @param loadReportInterval how often proxies report their load; positive
 * @param state where last good documents are kept over restarts; null for nowhere
 * @param transport how the xDS port is secured and limited
 * @param deadlines how long one proxy is waited for
 * @param writing whether the admin API writes documents
 * @param access who may use the admin API, and how the way there is secured
 * @param traces where traces of changes are sent; null for nowhere
 */
public record ServerSettings(
    SourceSettings sources,
    HostPort xds,
    HostPort admin,
    @Nullable HostPort telemetry,
    @Nullable WebhookSettings webhook,
    Resilience defaults,
    @Nullable Rollout rollout,
    Duration loadReportInterval,
    @Nullable Path state,
    TransportSettings transport,
    Deadlines deadlines,
    Writing writing,
    AdminAccess access,
    @Nullable URI traces) {
  /** Where proxies connect unless told otherwise: only from this machine. */
  public static final HostPort DEFAULT_XDS = new HostPort("127.0.0.1", 18000);

  /** Where the commands connect unless told otherwise: only from this machine. */
  public static final HostPort DEFAULT_ADMIN = new HostPort("127.0.0.1", 18001);

  /** How often proxies report their load unless told otherwise. */
  public static final Duration DEFAULT_LOAD_REPORT_INTERVAL = Duration.ofSeconds(10);

  /** Whether the admin API writes documents. */
  public enum Writing {
    /** InstanceOverrides, for {@code sluice drain} and {@code restore}. */
    ON,
    /** Nothing. */
    OFF
  }

  public ServerSettings {
    Objects.requireNonNull(sources);
    Objects.requireNonNull(xds);
    Objects.requireNonNull(defaults);
    if (!loadReportInterval.isPositive()) {
      throw new IllegalArgumentException("not a positive interval: " + loadReportInterval);
    }
    Objects.requireNonNull(transport);
    Objects.requireNonNull(deadlines);
    Objects.requireNonNull(writing);
    access
        .wrongAt(admin)
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException(wrong);
            });
  }

  /** Settings without defaults of the server's own, and without TLS. */
  public static ServerSettings of(List<Path> files, HostPort xds, HostPort admin) {
    return new ServerSettings(
        SourceSettings.ofFiles(files),
        xds,
        admin,
        null,
        null,
        Resilience.NONE,
        null,
        DEFAULT_LOAD_REPORT_INTERVAL,
        null,
        TransportSettings.DEFAULT,
        Deadlines.DEFAULT,
        Writing.ON,
        AdminAccess.OPEN,
        null);
  }

  /** The same with other sources. */
  public ServerSettings withSources(SourceSettings others) {
    return new ServerSettings(
        others,
        xds,
        admin,
        telemetry,
        webhook,
        defaults,
        rollout,
        loadReportInterval,
        state,
        transport,
        deadlines,
        writing,
        access,
        traces);
  }

  /** The same with another transport. */
  public ServerSettings withTransport(TransportSettings other) {
    return new ServerSettings(
        sources,
        xds,
        admin,
        telemetry,
        webhook,
        defaults,
        rollout,
        loadReportInterval,
        state,
        other,
        deadlines,
        writing,
        access,
        traces);
  }

  /** The same with another interval of load reports. */
  public ServerSettings withLoadReportInterval(Duration other) {
    return new ServerSettings(
        sources, xds, admin, telemetry, webhook, defaults, rollout, other, state, transport,
        deadlines, writing, access, traces);
  }

  /** The same with changed configurations in stages. */
  public ServerSettings withRollout(Rollout other) {
    return new ServerSettings(
        sources,
        xds,
        admin,
        telemetry,
        webhook,
        defaults,
        other,
        loadReportInterval,
        state,
        transport,
        deadlines,
        writing,
        access,
        traces);
  }

  /** The same with an admin API that writes, or does not. */
  public ServerSettings withWriting(Writing other) {
    return new ServerSettings(
        sources,
        xds,
        admin,
        telemetry,
        webhook,
        defaults,
        rollout,
        loadReportInterval,
        state,
        transport,
        deadlines,
        other,
        access,
        traces);
  }

  /** The same with an admin API elsewhere, for those who may use it. */
  public ServerSettings withAdmin(HostPort address, AdminAccess other) {
    return new ServerSettings(
        sources,
        xds,
        address,
        telemetry,
        webhook,
        defaults,
        rollout,
        loadReportInterval,
        state,
        transport,
        deadlines,
        writing,
        other,
        traces);
  }

  /** The same with traces of changes that are sent there. */
  public ServerSettings withTraces(URI collector) {
    return new ServerSettings(
        sources,
        xds,
        admin,
        telemetry,
        webhook,
        defaults,
        rollout,
        loadReportInterval,
        state,
        transport,
        deadlines,
        writing,
        access,
        collector);
  }

  /** The same with probes and metrics on an address of their own. */
  public ServerSettings withTelemetry(HostPort other) {
    return new ServerSettings(
        sources,
        xds,
        admin,
        other,
        webhook,
        defaults,
        rollout,
        loadReportInterval,
        state,
        transport,
        deadlines,
        writing,
        access,
        traces);
  }

  /** The same with a webhook. */
  public ServerSettings withWebhook(WebhookSettings other) {
    return new ServerSettings(
        sources,
        xds,
        admin,
        telemetry,
        other,
        defaults,
        rollout,
        loadReportInterval,
        state,
        transport,
        deadlines,
        writing,
        access,
        traces);
  }

  /** To whom private keys would be sent, if to more than is good; it works all the same. */
  public Optional<String> exposedSecrets() {
    TlsFiles tls = transport.tls();
    if (!sources.mayHoldKeys() || xds.isLoopback() || (tls != null && tls.isMutual())) {
      return Optional.empty();
    }
    String how =
        tls == null
            ? "in plain text to whoever connects to xDS on %s; give xds.tls with clientCa"
            : "to whoever connects to xDS on %s; give xds.tls.clientCa";
    return Optional.of("private keys are sent " + how.formatted(xds) + ", or listen on loopback");
  }
}
