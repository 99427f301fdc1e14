package dev.sluice.bench.load;

import java.util.List;
import java.util.Locale;

/**
 * What the servers are measured with.
 *
 * @param proxies how many proxies connect, each over a connection of its own
 * @param clusters how many clusters each of them is sent
 * @param endpoints how many endpoints each cluster has
 * @param variant how they subscribe
 * @param tls whether both sides show certificates
 */
record Workload(int proxies, int clusters, int endpoints, Variant variant, boolean tls) {
  Workload {
    if (proxies < 1 || clusters < 1 || endpoints < 1) {
      throw new IllegalArgumentException(
          "a workload needs at least one proxy, one cluster and one endpoint");
    }
  }

  /** The arguments by which a child process is told this workload; {@link #parse} reads them. */
  List<String> arguments() {
    return List.of(
        Integer.toString(proxies),
        Integer.toString(clusters),
        Integer.toString(endpoints),
        variant.name(),
        Boolean.toString(tls));
  }

  /** Reads what {@link #arguments} gave. */
  static Workload parse(List<String> arguments) {
    return new Workload(
        Integer.parseInt(arguments.get(0)),
        Integer.parseInt(arguments.get(1)),
        Integer.parseInt(arguments.get(2)),
        Variant.valueOf(arguments.get(3)),
        Boolean.parseBoolean(arguments.get(4)));
  }

  /** For people, such as {@code 1000 proxies x 100 clusters x 10 endpoints, delta, plaintext}. */
  @Override
  public String toString() {
    return "%d proxies x %d clusters x %d endpoints, %s, %s"
        .formatted(
            proxies,
            clusters,
            endpoints,
            variant == Variant.DELTA ? "delta" : "state of the world",
            tls ? "mutual TLS" : "plaintext")
        .toLowerCase(Locale.ROOT)
        .replace("tls", "TLS");
  }
}
