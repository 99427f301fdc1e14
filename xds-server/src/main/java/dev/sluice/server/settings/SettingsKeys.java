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
          new Key(
              "admin.address",
              "127.0.0.1:18001",
              "where commands, probes and Prometheus connect, on this machine (--admin)"),
          new Key("sources.files", "none", "directories of documents, relative to this file (-f)"),
          new Key("mesh.defaults.loadBalancer", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.connectionPool", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.circuitBreaker", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.retry", BUILT_IN, AS_IN_A_POLICY),
          new Key("mesh.defaults.timeouts", BUILT_IN, AS_IN_A_POLICY),
          new Key("load.interval", "10s", "how often proxies report their load"),
          new Key(
              "state",
              "none",
              "a directory that keeps last good documents over restarts, relative to this file"
                  + " (--state)"),
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
