package dev.sluice.bench;

import dev.sluice.e2e.EnvoyProcess;
import dev.sluice.e2e.KubernetesCluster;
import dev.sluice.e2e.Pods;
import dev.sluice.e2e.Ports;
import dev.sluice.e2e.SluiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The server, a process of its own, between a real Kubernetes control plane and a real Envoy:
 * {@code bin/bench kubernetes-changes [SERVICES] [INSTANCES]}. Tells how long the server takes to
 * be ready, how long it takes from the API server's answer to a changed EndpointSlice until Envoy's
 * admin shows the change, what a rolling restart of 100 pods sends to one proxy, and what is asked
 * of the API server while nothing changes.
 */
public final class KubernetesChanges {
  private static final String NAMESPACE = "shop";
  private static final String SERVER = "system:serviceaccount:default:sluice";
  private static final Duration SETTLED = Duration.ofSeconds(20);
  private static final Duration STEADY = Duration.ofMinutes(2);

  private KubernetesChanges() {}

  /** Runs it; beside 5,000 services with 10 instances each where nothing else is said. */
  public static void main(String[] arguments) throws Exception {
    int services = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
    int instances = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    Path folder = Files.createTempDirectory("sluice-kubernetes-changes");
    ApiCalls calls = ApiCalls.of(SERVER, folder);
    Path data = Files.createDirectory(folder.resolve("cluster"));
    try (KubernetesCluster cluster = KubernetesCluster.start(data, calls.apiServerFlags())) {
      cluster.installDefinitions();
      cluster.killControllers(); // They would look at every pod, on the same cores.
      KubernetesLoad.fillAll(cluster.client(), services, instances);
      Pods pods = new Pods(cluster.client(), NAMESPACE);
      pods.node("node-1", "north", "north-a");
      RollingRestart restart = new RollingRestart(cluster, pods, NAMESPACE);
      restart.prepare();
      ChangedSlice slice = new ChangedSlice(cluster, NAMESPACE);
      slice.prepare();
      cluster.apply(Edge.gateway(NAMESPACE, Ports.free()));
      measure(cluster, folder, calls, restart, slice);
    }
  }

  private static void measure(
      KubernetesCluster cluster,
      Path folder,
      ApiCalls calls,
      RollingRestart restart,
      ChangedSlice slice)
      throws IOException, InterruptedException {
    String configuration =
        "sources: {kubernetes: [{kubeconfig: %s}]}\n".formatted(account(cluster));
    long began = System.nanoTime();
    try (SluiceProcess server =
        SluiceProcess.start(folder, "server", configuration, "-Xmx1g").awaitReady()) {
      System.out.printf(
          "from the server's start until it is ready: %,d ms, and %,d ms of processor time%n",
          (System.nanoTime() - began) / 1_000_000, server.cpu().toMillis());
      try (EnvoyProcess envoy =
          EnvoyProcess.start("kubernetes-changes", Edge.bootstrap(server, NAMESPACE))) {
        envoy.awaitTrue("the service's clusters", () -> slice.isShown(envoy));
        slice.measure(envoy);
        cluster.restartControllers();
        restart.measure(server, Duration.ofMillis(100));
        restart.measure(server, Duration.ZERO);
        TimeUnit.NANOSECONDS.sleep(SETTLED.toNanos());
        Instant from = Instant.now();
        TimeUnit.NANOSECONDS.sleep(STEADY.toNanos());
        calls.print("at the start, and while things changed", Instant.EPOCH, from.minus(SETTLED));
        calls.print(
            "in %d s without a change".formatted(STEADY.toSeconds()), from, from.plus(STEADY));
      }
    }
  }

  /** Makes the server's account and gives a kubeconfig of it. */
  private static Path account(KubernetesCluster cluster) {
    cluster.kubectl("create", "serviceaccount", "sluice", "-n", "default");
    cluster.kubectl(
        "create",
        "clusterrolebinding",
        "sluice",
        "--clusterrole=cluster-admin",
        "--serviceaccount=default:sluice");
    String token = cluster.kubectl("create", "token", "sluice", "-n", "default").strip();
    return cluster.kubeconfig("sluice.kubeconfig", token);
  }

  /** The median, the 99th percentile and the longest of these, in ms. */
  static String percentiles(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms, p99 %.1f ms, longest %.1f ms (of %d)",
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6,
        sorted.getLast() / 1e6,
        sorted.size());
  }
}
