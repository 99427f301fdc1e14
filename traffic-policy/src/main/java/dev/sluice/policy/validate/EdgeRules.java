package dev.sluice.policy.validate;

import dev.sluice.spec.AccessLog;
import dev.sluice.spec.Authz;
import dev.sluice.spec.ClientLimits;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.RateLimitService;
import dev.sluice.spec.ServicePortRef;
import dev.sluice.spec.Tracing;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a Gateway says besides where it listens. */
final class EdgeRules {
  /** {@code HttpConnectionManager.max_request_headers_kb}. */
  private static final int MOST_HEADER_KB = 8192;

  private static final int MOST_HOPS = 100;

  /** What names a file as well, and a metric. */
  private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9][-A-Za-z0-9_.]{0,62}");

  private EdgeRules() {}

  static void check(At at, Gateway.Spec spec) {
    if (spec.authz() != null) {
      authz(at.key("authz"), spec.authz());
    }
    if (spec.rateLimitService() != null) {
      rateLimitService(at.key("rateLimitService"), spec.rateLimitService());
    }
    if (spec.accessLog() != null) {
      accessLog(at.key("accessLog"), spec.accessLog());
    }
    Tracing tracing = spec.tracing();
    if (tracing != null) {
      called(at.key("tracing").key("otlp"), tracing.otlp());
    }
    ClientLimits client = spec.client();
    if (client != null) {
      At limits = at.key("client");
      limits.positive("requestHeadersTimeout", client.requestHeadersTimeout());
      limits.within("maxHeaderKb", client.maxHeaderKb(), 1, MOST_HEADER_KB);
      limits.within("trustedHops", client.trustedHops(), 0, MOST_HOPS);
    }
  }

  private static void authz(At at, Authz authz) {
    OneOf.exactlyOne(at, List.of("grpc", "http"), authz.grpc() != null, authz.http() != null);
    at.positive("timeout", authz.timeout());
    if (authz.grpc() != null) {
      called(at.key("grpc"), authz.grpc());
    }
    Authz.Http http = authz.http();
    if (http != null) {
      At own = at.key("http");
      called(own, new ServicePortRef(http.service(), http.port()));
      String prefix = http.pathPrefix();
      if (prefix != null && !prefix.matches("/[!-\"$->@-~]*")) {
        own.key("pathPrefix")
            .error("\"" + prefix + "\" is not the beginning of a path; write such as /check");
      }
      headers(own.key("requestHeaders"), http.requestHeaders());
      headers(own.key("responseHeaders"), http.responseHeaders());
    }
  }

  private static void rateLimitService(At at, RateLimitService given) {
    called(at, new ServicePortRef(given.service(), given.port()));
    at.positive("timeout", given.timeout());
    String domain = given.domain();
    if (domain != null && !DOMAIN.matcher(domain).matches()) {
      at.key("domain")
          .error(
              "\""
                  + domain
                  + "\" is no domain; use up to 63 letters, digits, \"-\", \"_\" and \".\"");
    }
  }

  private static void headers(At at, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (!Names.isToken(names.get(i))) {
        at.index(i).error("\"" + names.get(i) + "\" is not a header name; write such as x-user-id");
      }
    }
    Names.unique(at, names, name -> name.toLowerCase(Locale.ROOT), "", "header");
  }

  private static void accessLog(At at, AccessLog log) {
    if (log.stdout() == null && log.file() == null && log.otlp() == null && log.grpc() == null) {
      at.error("needs one of stdout, file, otlp, grpc, such as {stdout: {json: true}}");
    }
    AccessLog.LogFile file = log.file();
    if (file != null && !file.path().startsWith("/")) {
      at.key("file")
          .key("path")
          .error(
              "\"" + file.path() + "\" is not absolute; write such as /var/log/envoy/access.log");
    }
    if (log.otlp() != null) {
      called(at.key("otlp"), log.otlp());
    }
    if (log.grpc() != null) {
      called(at.key("grpc"), log.grpc());
    }
  }

  private static void called(At at, ServicePortRef called) {
    Names.service(at.key("service"), called.service());
    at.within("port", called.port(), 1, 65_535);
  }
}
