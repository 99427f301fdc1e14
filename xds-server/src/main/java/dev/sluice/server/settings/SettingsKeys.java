package dev.sluice.server.settings;

import java.util.List;

/** The keys of {@code sluice.yaml}, for those who ask what can be set. */
public final class SettingsKeys {
  private static final String BUILT_IN = "built in";
  private static final String AS_IN_A_POLICY = "as in a policy, for every service";

  /** All of them, in the order of the file. */
  public static final List<Key> ALL =
      List.of(
          new Key("xds.address", "127.0.0.1:18000", "where proxies connect (--xds)"),
          new Key("xds.tls.cert", "no TLS", "the server's certificates, PEM (--xds-cert)"),
          new Key("xds.tls.key", "no TLS", "their private key, PEM (--xds-key)"),
          new Key(
              "xds.tls.clientCa",
              "clients need none",
              "roots of the certificates that clients need, PEM (--xds-client-ca)"),
          new Key(
              "xds.identity",
              "any",
              "a list of {uri, service, role}: what a client's certificate may claim"),
          new Key("xds.keepalive.time", "30s", "silence after which a connection is probed"),
          new Key("xds.keepalive.timeout", "10s", "wait for the answer; then it is ended"),
          new Key("xds.keepalive.permit", "5s", "how often clients may probe, at most"),
          new Key(
              "xds.connectionAge.max", "30m", "a connection's life, 10 % more or less; 0s: any"),
          new Key("xds.connectionAge.grace", "10s", "how long its streams go on after that"),
          new Key("xds.drain", "5s", "over how long a stop ends the streams"),
          new Key(
              "xds.deadlines.makeBeforeBreak",
              "10s",
              "how long one proxy's routes wait for its clusters, and removals for its routes"),
          new Key(
              "xds.deadlines.progress",
              "60s",
              "a proxy that takes nothing for that long is disconnected"),
          new Key("xds.limits.message", "4Mi", "size of a request"),
          new Key("xds.limits.namesPerRequest", "50000", "names in a request"),
          new Key("xds.limits.streamsPerConnection", "1000", "streams of a connection"),
          new Key("xds.limits.streams", "50000", "streams of all connections"),
          new Key("xds.limits.newStreamsPerSecond", "1000", "streams opened in a second"),
          new Key(
              "admin.address",
              "127.0.0.1:18001",
              "where the commands connect; elsewhere than on loopback it needs tls and tokens"
                  + " (--admin)"),
          new Key(
              "admin.writes",
              "true",
              "whether sluice drain and restore may write InstanceOverrides there, sluice rollback may"
                  + " pin, and sluice rollout may promote, pause, resume and abort"),
          new Key("admin.tls.cert", "no TLS", "the admin API's certificates, PEM"),
          new Key("admin.tls.key", "no TLS", "their private key, PEM"),
          new Key(
              "admin.tls.clientCa",
              "clients need none",
              "roots of the certificates that clients need beside a token, PEM"),
          new Key(
              "admin.tokens",
              "whoever can connect",
              "a list of {name, token, tokenFile, may}: who may use it; may is read or write"),
          new Key(
              "telemetry.address",
              "none",
              "where /livez, /readyz and /metrics alone are served, to other machines too"
                  + " (--telemetry)"),
          new Key(
              "telemetry.traces.endpoint",
              "no traces",
              "where traces of changes are sent, by OTLP over HTTP, such as http://127.0.0.1:4318"),
          new Key(
              "webhook.address",
              "none",
              "where API servers ask whether an object may be stored, over HTTPS"),
          new Key("webhook.tls.cert", "required", "the certificates that they are shown, PEM"),
          new Key("webhook.tls.key", "required", "their private key, PEM"),
          new Key("sources.files", "none", "directories of documents, relative to this file (-f)"),
          new Key(
              "sources.secrets",
              "none",
              "directories of NAMESPACE/NAME/tls.crt, tls.key and ca.crt, relative to this file"
                  + " (--secrets)"),
          new Key(
              "sources.kubernetes",
              "none",
              "a list of clusters: {name, kubeconfig, context, namespaces, labelSelector, holdEmpty,"
                  + " status, leaseNamespace}"),
          new Key(
              "sources.consul",
              "none",
              "a list of data centres: {name, address, datacenter, token, tokenFile, tls{ca, cert,"
                  + " key}, consulNamespace, partition, consistency, namespace, port, services,"
                  + " tags, watch, addresses, policies, statuses, holdEmpty, connections}"),
          new Key("mesh.defaults.loadBalancer", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.connectionPool", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.circuitBreaker", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.retry", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.timeouts", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.health", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.locality", BUILT_IN, AS_IN_A_POLICY),
          new Key(
              "rollout.first",
              "all at once",
              "how many proxies of a group a changed configuration comes to first: 1, 5%"),
          new Key("rollout.then", "all", "how many it comes to next: 10, 10%"),
          new Key("rollout.within", "30s", "how long those have to acknowledge it"),
          new Key("load.interval", "10s", "how often proxies report their load"),
          new Key(
              "state",
              "none",
              "a directory that keeps last good documents, the history, rollbacks and how rollouts stand over restarts,"
                  + " relative to this file (--state)"),
          new Key("log.level", "info", "error, warn, info, debug or trace (--log-level)"),
          new Key("log.json", "false", "one JSON object a line (--log-json)"));

  private SettingsKeys() {}

  /**
   * One key.
   *
   * @param path its keys from the root, with dots between
   * @param standard what holds where it is left out
   * @param meaning what it sets, and in brackets the option that overrides it
   */
  public record Key(String path, String standard, String meaning) {}
}
