package dev.sluice.server.settings;

import dev.sluice.policy.parse.NotRead;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.settings.ConsulSettings.Watched;
import dev.sluice.server.transport.IdentityRule;
import dev.sluice.spec.Planned;
import dev.sluice.spec.Required;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code sluice.yaml} as it is written. {@link SettingsKeys} tells what each key means.
 *
 * @param xds where proxies connect
 * @param admin where the commands connect
 * @param telemetry where probes and Prometheus connect from other machines
 * @param webhook where API servers ask whether an object may be stored
 * @param sources what is watched
 * @param mesh what holds for every service
 * @param rollout to whom a changed configuration comes first
 * @param load what proxies report of their load
 * @param state a directory for what is kept over restarts, relative to this file
 * @param log what is logged
 */
record SluiceYaml(
    @Nullable Xds xds,
    @Nullable Admin admin,
    @Nullable Telemetry telemetry,
    @Nullable Webhook webhook,
    @Nullable Sources sources,
    @Nullable Mesh mesh,
    @Nullable Stages rollout,
    @Nullable Load load,
    @Nullable String state,
    @Nullable Log log) {

  record Xds(
      @Nullable HostPort address,
      @Nullable Tls tls,
      List<IdentityRule> identity,
      @Nullable KeepaliveTimes keepalive,
      @Nullable Age connectionAge,
      @Nullable Duration drain,
      @Nullable Deadlines deadlines,
      @Nullable Limits limits) {}

  record Tls(@Required String cert, @Required String key, @Nullable String clientCa) {}

  record KeepaliveTimes(
      @Nullable Duration time, @Nullable Duration timeout, @Nullable Duration permit) {}

  record Age(@Nullable Duration max, @Nullable Duration grace) {}

  record Limits(
      @Nullable Size message,
      @Nullable Integer namesPerRequest,
      @Nullable Integer streamsPerConnection,
      @Nullable Integer streams,
      @Nullable Integer newStreamsPerSecond) {}

  record Admin(
      @Nullable HostPort address,
      @Nullable Boolean writes,
      @Nullable Tls tls,
      List<Token> tokens) {}

  record Token(
      @Required String name,
      @Nullable String token,
      @Nullable String tokenFile,
      AdminToken.@Nullable May may) {}

  record Telemetry(@Nullable HostPort address, @Nullable Traces traces) {}

  record Traces(@Required String endpoint) {}

  record Webhook(@Required HostPort address, @Required WebhookTls tls) {}

  record WebhookTls(@Required String cert, @Required String key) {}

  record Sources(
      List<String> files, List<String> secrets, List<Kubernetes> kubernetes, List<Consul> consul) {}

  record Kubernetes(
      @Nullable String name,
      @Nullable String kubeconfig,
      @Nullable String context,
      List<String> namespaces,
      @Nullable String labelSelector,
      @Nullable Duration holdEmpty,
      @Nullable Boolean status,
      @Nullable String leaseNamespace) {}

  record Consul(
      @Nullable String name,
      @Nullable String address,
      @Nullable String datacenter,
      @Nullable String token,
      @Nullable String tokenFile,
      @Nullable ConsulTls tls,
      @Nullable String consulNamespace,
      @Nullable String partition,
      @Nullable Consistency consistency,
      @Nullable String namespace,
      @Nullable Integer port,
      List<String> services,
      List<String> tags,
      @Nullable Watched watch,
      @Nullable Addresses addresses,
      @Nullable String policies,
      @Nullable String statuses,
      @Nullable Duration holdEmpty,
      @Nullable Integer connections) {}

  record ConsulTls(@Nullable String ca, @Nullable String cert, @Nullable String key) {}

  @Planned("proxyless")
  record Mesh(@Nullable Resilience defaults) {}

  /** {@code all} may end the list, for people to read; it ends there without it too. */
  @NotRead("all")
  record Stages(@Required ProxyShare first, @Nullable ProxyShare then, @Nullable Duration within) {}

  record Load(@Nullable Duration interval) {}

  record Log(@Nullable LogLevel level, @Nullable Boolean json) {}
}
