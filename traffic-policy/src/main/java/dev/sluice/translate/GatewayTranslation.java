package dev.sluice.translate;

import dev.sluice.catalog.ServiceId;
import dev.sluice.problem.JsonPath;
import dev.sluice.spec.AccessLog;
import dev.sluice.spec.Authz;
import dev.sluice.spec.ClientLimits;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.OnError;
import dev.sluice.spec.Percent;
import dev.sluice.spec.RateLimitService;
import dev.sluice.spec.ServicePortRef;
import dev.sluice.spec.Tracing;
import dev.sluice.translate.CalledService.Use;
import dev.sluice.translate.CalledService.Wire;
import dev.sluice.translate.EdgeSettings.Authorization;
import dev.sluice.translate.EdgeSettings.Client;
import dev.sluice.translate.EdgeSettings.Limits;
import dev.sluice.translate.EdgeSettings.Log;
import dev.sluice.translate.EdgeSettings.Spans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Gateway's sections as what its listeners are made from, and the services that these call.
 *
 * @param settings of all its listeners
 * @param called the services, in the document's order
 */
record GatewayTranslation(EdgeSettings settings, List<CalledService> called) {
  private static final Duration STREAM_IDLE = Duration.ofMinutes(5);
  private static final int MAX_HEADER_KB = 60;
  private static final Duration AUTHZ_TIMEOUT = Duration.ofMillis(200);
  private static final Duration LIMITS_TIMEOUT = Duration.ofMillis(20);
  private static final Percent SAMPLED = Percent.parse("1");

  GatewayTranslation {
    called = List.copyOf(called);
  }

  static GatewayTranslation of(Gateway gateway) {
    return new Reading(gateway).translation();
  }

  /** Fills in the defaults and notes the services on the way. */
  private static final class Reading {
    private final Gateway gateway;
    private final List<CalledService> called = new ArrayList<>();

    Reading(Gateway gateway) {
      this.gateway = gateway;
    }

    GatewayTranslation translation() {
      Gateway.Spec spec = gateway.spec();
      EdgeSettings settings =
          new EdgeSettings(
              gateway.metadata().name() + "." + gateway.metadata().namespace(),
              client(spec.client()),
              Optional.ofNullable(spec.authz()).map(this::authorization),
              Optional.ofNullable(spec.rateLimitService()).map(this::limits),
              spec.accessLog() == null ? List.of() : logs(spec.accessLog()),
              Optional.ofNullable(spec.tracing()).map(this::spans));
      return new GatewayTranslation(settings, called);
    }

    private static Client client(@Nullable ClientLimits given) {
      ClientLimits limits = given == null ? new ClientLimits(null, null, null, null) : given;
      return new Client(
          Optional.ofNullable(limits.requestHeadersTimeout()),
          Objects.requireNonNullElse(limits.streamIdle(), STREAM_IDLE),
          Objects.requireNonNullElse(limits.maxHeaderKb(), MAX_HEADER_KB),
          Objects.requireNonNullElse(limits.trustedHops(), 0));
    }

    private Authorization authorization(Authz given) {
      Duration timeout = Objects.requireNonNullElse(given.timeout(), AUTHZ_TIMEOUT);
      OnError onError = Objects.requireNonNullElse(given.onError(), OnError.DENY);
      Authz.Http http = given.http();
      if (http != null) {
        ServicePortRef service = new ServicePortRef(http.service(), http.port());
        CalledService call = call(Use.AUTHZ, Wire.HTTP, service, "authz.http");
        return new Authorization.OverHttp(
            call.cluster(),
            call.authority(),
            Objects.requireNonNullElse(http.pathPrefix(), ""),
            http.requestHeaders(),
            http.responseHeaders(),
            timeout,
            onError);
      }
      ServicePortRef grpc = Objects.requireNonNull(given.grpc(), "one of both, says validation");
      return new Authorization.OverGrpc(grpc(Use.AUTHZ, grpc, "authz.grpc"), timeout, onError);
    }

    private Limits limits(RateLimitService given) {
      ServicePortRef service = new ServicePortRef(given.service(), given.port());
      return new Limits(
          grpc(Use.RATE_LIMIT, service, "rateLimitService"),
          RateLimitDomain.name(gateway, given),
          Objects.requireNonNullElse(given.timeout(), LIMITS_TIMEOUT),
          Objects.requireNonNullElse(given.onError(), OnError.ALLOW));
    }

    private List<Log> logs(AccessLog given) {
      List<Log> logs = new ArrayList<>();
      if (given.stdout() != null) {
        logs.add(new Log.Stdout(format(given.stdout().json())));
      }
      if (given.file() != null) {
        logs.add(new Log.ToFile(given.file().path(), format(given.file().json())));
      }
      if (given.otlp() != null) {
        logs.add(new Log.Otlp(grpc(Use.ACCESS_LOG, given.otlp(), "accessLog.otlp")));
      }
      if (given.grpc() != null) {
        logs.add(new Log.Grpc(grpc(Use.ACCESS_LOG, given.grpc(), "accessLog.grpc")));
      }
      return logs;
    }

    private static Log.Format format(@Nullable Boolean json) {
      return Boolean.FALSE.equals(json) ? Log.Format.TEXT : Log.Format.JSON;
    }

    private Spans spans(Tracing given) {
      return new Spans(
          grpc(Use.TRACING, given.otlp(), "tracing.otlp"),
          Objects.requireNonNullElse(given.samplePercent(), SAMPLED));
    }

    /** The name of the Cluster over which {@code service} is called. */
    private String grpc(Use use, ServicePortRef service, String keys) {
      return call(use, Wire.GRPC, service, keys).cluster();
    }

    private CalledService call(Use use, Wire wire, ServicePortRef service, String keys) {
      String path = JsonPath.ROOT + ".spec." + keys;
      CalledService call =
          new CalledService(
              use,
              ServiceId.parse(service.service(), gateway.metadata().namespace()),
              service.port(),
              wire,
              gateway.origin().at(path),
              path);
      called.add(call);
      return call;
    }
  }
}
