package dev.sluice.bench;

import dev.sluice.e2e.ConsulInstance;
import dev.sluice.e2e.ConsulOptions;
import dev.sluice.e2e.ConsulServer;
import dev.sluice.e2e.ConsulStatus;
import dev.sluice.e2e.EnvoyProcess;
import dev.sluice.e2e.Ports;
import dev.sluice.e2e.SluiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The server, a process of its own, between a real Consul and a real Envoy: {@code bin/bench consul
 * [SERVICES] [INSTANCES] [CONNECTIONS]}. Tells how long the server takes to be ready, what it holds
 * and asks while nothing changes, and how long it takes from Consul's answer to a changed check
 * until a blocking query of the benchmark's own tells of it, and until Envoy's admin shows it.
 */
public final class ConsulLoad {
  private static final String NAMESPACE = "shop";
  private static final String SERVICE = "changing";
  private static final int CHANGING = 10;
  private static final int WRITERS = 16;
  private static final int WARM_UP = 20;
  private static final int CHANGES = 300;
  private static final long BETWEEN = TimeUnit.MILLISECONDS.toNanos(150);

  /**
   * Beside the server there are the benchmark's own and those of the server that are no watches.
   */
  private static final int SPARE = 50;

  private static final int CONSULS_OWN_LIMIT = 200;

  private ConsulLoad() {}

  /** Runs it; 1,000 services with 10 instances over 90 connections where nothing else is said. */
  public static void main(String[] arguments) throws Exception {
    int services = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    int instances = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    int connections = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 90;
    Path folder = Files.createTempDirectory("sluice-consul-load");
    ConsulOptions options =
        ConsulOptions.of("dc1")
            .withMaxConnectionsPerClient(Math.max(CONSULS_OWN_LIMIT, connections + SPARE));
    try (ConsulServer consul = ConsulServer.start(folder.resolve("consul"), options)) {
      fill(consul, services, instances);
      for (int i = 0; i < CHANGING; i++) {
        consul.api().catalog().register(changing(i));
      }
      Path documents = Files.createDirectory(folder.resolve("documents"));
      Files.writeString(
          documents.resolve("edge.yaml"),
          Edge.gateway(NAMESPACE, Ports.free()) + "---\n" + Edge.policy(NAMESPACE, SERVICE));
      measure(consul, folder, connections);
    }
  }

  private static ConsulInstance changing(int i) {
    return ConsulInstance.of(SERVICE, SERVICE + "-" + i, "10.100.0." + (i + 1), 8080);
  }

  private static void fill(ConsulServer consul, int services, int instances)
      throws InterruptedException {
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      for (int service = 0; service < services; service++) {
        String name = "service-" + service;
        String net = "10.%d.%d.".formatted(service / 250, service % 250);
        writers.execute(
            () -> {
              for (int i = 0; i < instances; i++) {
                ConsulInstance one =
                    ConsulInstance.of(name, name + "-" + i, net + (i + 1), 8080)
                        .on("node-" + i, "10.200.0." + (i + 1))
                        .withTags("version=v" + (i % 2 + 1));
                consul.api().catalog().register(one);
              }
            });
      }
      writers.shutdown();
      if (!writers.awaitTermination(30, TimeUnit.MINUTES)) {
        throw new IllegalStateException("Consul could not be filled within 30 minutes");
      }
    }
  }

  private static void measure(ConsulServer consul, Path folder, int connections)
      throws IOException, InterruptedException {
    String configuration =
        """
        sources:
          files: [documents]
          consul: [{name: dc1, address: "%s", namespace: %s, connections: %d}]
        """
            .formatted(consul.address(), NAMESPACE, connections);
    long began = System.nanoTime();
    try (SluiceProcess server =
        SluiceProcess.start(folder, "server", configuration, "-Xmx1g").awaitReady()) {
      System.out.printf(
          "from the server's start until it is ready: %,d ms, and %,d ms of processor time%n",
          (System.nanoTime() - began) / 1_000_000, server.cpu().toMillis());
      try (EnvoyProcess envoy =
          EnvoyProcess.start("consul-load", Edge.bootstrap(server, NAMESPACE))) {
        envoy.awaitTrue("the service's instances", () -> shows(envoy, 0));
        new SteadyState(consul, server).print();
        changes(consul, envoy);
        new SteadyState(consul, server).print();
      }
    }
  }

  /** One instance after the other becomes critical, and passes again. */
  private static void changes(ConsulServer consul, EnvoyProcess envoy) {
    List<Long> byConsul = new ArrayList<>();
    List<Long> byEnvoy = new ArrayList<>();
    for (int change = 0; change < WARM_UP + CHANGES; change++) {
      int which = change / 2 % CHANGING;
      boolean passing = change % 2 == 1;
      String path = "/v1/health/service/" + SERVICE;
      long index = consul.api().get(path).index();
      CompletableFuture<Long> told =
          CompletableFuture.supplyAsync(
              () -> {
                consul.api().getAfter(path, index);
                return System.nanoTime();
              });
      LockSupport.parkNanos(BETWEEN); // Longer than the server lets answers wait that never end.
      consul
          .api()
          .catalog()
          .setStatus(changing(which), passing ? ConsulStatus.PASSING : ConsulStatus.CRITICAL);
      long answered = System.nanoTime();
      while (shows(envoy, which) != passing) {
        if (System.nanoTime() - answered > TimeUnit.SECONDS.toNanos(30)) {
          throw new AssertionError("change " + change + " is not shown\n" + envoy.log());
        }
        LockSupport.parkNanos(500_000);
      }
      long shown = System.nanoTime();
      if (change >= WARM_UP) {
        byConsul.add(Math.max(0, told.join() - answered));
        byEnvoy.add(shown - answered);
      }
    }
    System.out.println("a check changes; since Consul's answer to who changed it");
    System.out.println(
        "  until a blocking query tells: " + KubernetesChanges.percentiles(byConsul));
    System.out.println("  until Envoy's admin shows it: " + KubernetesChanges.percentiles(byEnvoy));
  }

  private static boolean shows(EnvoyProcess envoy, int which) {
    return envoy.admin("/clusters").contains("10.100.0." + (which + 1) + ":8080::");
  }
}
