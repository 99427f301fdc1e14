package dev.sluice.bench;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.e2e.EnvoyProcess;
import dev.sluice.e2e.Ports;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The time from the save of a policy's file until a real Envoy's admin shows the new weight: file
 * event, parsing, the whole pipeline, xDS and Envoy's own update, and the admin's answer.
 */
public final class SaveToEnvoy {
  private static final int WARM_UP = 30;
  private static final int EDITS = 100;
  private static final long LONGEST_NANOS = 10_000_000_000L;
  private static final int WHOLE = 1_000;

  private SaveToEnvoy() {}

  /** Prints p50, p99 and the most, in milliseconds. */
  public static void main(String[] args) throws IOException {
    Path documents = Files.createTempDirectory("sluice-bench");
    save(documents, 1);
    HostPort any = new HostPort("127.0.0.1", 0);
    try (ControlPlane server = SluiceServer.start(ServerSettings.of(List.of(documents), any, any));
        EnvoyProcess envoy = EnvoyProcess.start("save-to-envoy", bootstrap(server))) {
      envoy.awaitTrue(
          "the first routes", () -> envoy.stat("http\\..*\\.rds\\..*\\.update_success") > 0);
      double[] millis = new double[EDITS];
      for (int edit = -WARM_UP; edit < EDITS; edit++) {
        double took = edit(documents, envoy, WARM_UP + edit + 2);
        if (edit >= 0) {
          millis[edit] = took;
        }
      }
      Arrays.sort(millis);
      System.out.printf(
          Locale.ROOT,
          "%d edits, save to Envoy's admin: p50 %.1f ms, p99 %.1f ms, most %.1f ms%n",
          EDITS,
          millis[EDITS / 2 - 1],
          millis[EDITS * 99 / 100 - 1],
          millis[EDITS - 1]);
    } finally {
      Files.delete(documents.resolve("orders.yaml"));
      Files.delete(documents);
    }
  }

  private static double edit(Path documents, EnvoyProcess envoy, int weight) throws IOException {
    long saved = System.nanoTime();
    save(documents, weight);
    while (!shows(envoy, weight)) {
      if (System.nanoTime() - saved > LONGEST_NANOS) {
        throw new AssertionError("weight " + weight + " is not served\n" + envoy.log());
      }
    }
    return (System.nanoTime() - saved) / 1e6;
  }

  private static boolean shows(EnvoyProcess envoy, int weight) {
    String routes = envoy.admin("/config_dump?resource=dynamic_route_configs");
    return Pattern.compile("\"weight\": " + weight + "\\b").matcher(routes).find();
  }

  private static void save(Path documents, int weight) throws IOException {
    Path next = documents.resolve(".orders.yaml.next");
    Files.writeString(
        next,
        """
        apiVersion: sluice.dev/v1
        kind: StaticService
        metadata: {name: orders, namespace: shop}
        spec:
          ports: [{name: http, port: 80, protocol: http}]
          endpoints:
            - {address: 127.0.0.1, port: 9, labels: {version: v1}}
            - {address: 127.0.0.2, port: 9, labels: {version: v2}}
        ---
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: orders, namespace: shop}
        spec:
          target: {service: orders}
          versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
          split: {weights: {v1: %d, v2: %d}}
        """
            .formatted(weight, WHOLE - weight));
    Files.move(next, documents.resolve("orders.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String bootstrap(ControlPlane server) {
    NodeGroup group =
        new NodeGroup(
            Role.NODE,
            new ServiceId("bench", "shop"),
            new TreeSet<>(),
            new TreeMap<>(),
            Locality.UNKNOWN,
            Ports.free(),
            List.of());
    HostPort xds = new HostPort("127.0.0.1", server.xdsAddress().getPort());
    return new EnvoyBootstrap(new ProxyNode("bench", group), xds, 0, EnvoyBootstrap.Variant.DELTA)
        .yaml();
  }
}
