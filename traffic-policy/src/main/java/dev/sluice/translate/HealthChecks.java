package dev.sluice.translate;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.HealthPolicy.ActivePolicy;
import dev.sluice.policy.attach.HealthPolicy.Probe;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.GrpcHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.TcpHealthCheck;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.util.Optional;

/** What a proxy asks the instances itself ({@code Cluster.health_checks}). */
final class HealthChecks {
  private HealthChecks() {}

  /** Empty where nothing is asked. */
  static Optional<HealthCheck> of(ClusterInput input) {
    return input.policy().health().active().map(active -> check(active, input));
  }

  private static HealthCheck check(ActivePolicy active, ClusterInput input) {
    HealthCheck.Builder check =
        HealthCheck.newBuilder()
            .setTimeout(Protos.duration(active.timeout()))
            .setInterval(Protos.duration(active.interval()))
            // Else it is a minute for as long as the Cluster has had no request.
            .setNoTrafficInterval(Protos.duration(active.interval()))
            .setUnhealthyThreshold(Protos.uint32(active.unhealthyThreshold()))
            .setHealthyThreshold(Protos.uint32(active.healthyThreshold()));
    String host = input.dns().map(DnsName::host).orElse(Names.service(input.name()));
    switch (active.probe()) {
      case Probe.Http http -> check.setHttpHealthCheck(http(http, host, input.protocol()));
      case Probe.Grpc(String service) ->
          check.setGrpcHealthCheck(
              GrpcHealthCheck.newBuilder().setServiceName(service).setAuthority(host));
      case Probe.Tcp _ -> check.setTcpHealthCheck(TcpHealthCheck.getDefaultInstance());
    }
    return check.build();
  }

  /** By default the host would be the Cluster's name, which is none. */
  private static HttpHealthCheck http(Probe.Http probe, String host, Protocol protocol) {
    HttpHealthCheck.Builder http =
        HttpHealthCheck.newBuilder()
            .setPath(probe.path())
            .setHost(probe.host().isEmpty() ? host : probe.host());
    for (int status : probe.expect()) {
      http.addExpectedStatuses(Int64Range.newBuilder().setStart(status).setEnd(status + 1L));
    }
    switch (protocol) {
      case HTTP, TCP -> http.setCodecClientType(CodecClientType.HTTP1);
      case HTTP2, GRPC -> http.setCodecClientType(CodecClientType.HTTP2);
    }
    return http.build();
  }
}
