package dev.sluice.e2e;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.kubernetes.ClusterAccess;
import dev.sluice.server.source.SourceContract;
import dev.sluice.server.source.kubernetes.KubernetesSource;
import dev.sluice.server.source.kubernetes.KubernetesSource.Options;
import dev.sluice.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The source passes what every source has to, against a real API server. */
@NeedsKubernetes
class KubernetesSourceContractTest extends SourceContract {
  @TempDir static Path folder;
  private static KubernetesCluster cluster;

  @BeforeAll
  static void startCluster() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30)); // An API server takes seconds to start.
    cluster = KubernetesCluster.start(folder);
    cluster.kubectl("create", "namespace", "shop");
    cluster.installDefinitions();
  }

  @AfterAll
  static void stopCluster() {
    Awaitility.reset();
    cluster.close();
  }

  @AfterEach
  void forgetEverything() {
    for (String kind : List.of("services", "endpointslices", "gateways.sluice.dev")) {
      cluster.kubectl("delete", kind, "--all", "-n", "shop");
    }
  }

  @Override
  protected Source newSource() {
    try {
      return new KubernetesSource(
          "test",
          new ClusterAccess(cluster.kubeconfig(), null).connect(),
          DocumentParser.reader(),
          new Options(List.of("shop"), Optional.empty(), Duration.ZERO, Options.SILENCE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void putService(String name, String... addresses) {
    String endpoints =
        Stream.of(addresses)
            .map("{addresses: [%s], conditions: {ready: true}}"::formatted)
            .collect(Collectors.joining(", "));
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s, namespace: shop}
        spec:
          ports: [{name: http, port: 80}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: %1$s-1
          namespace: shop
          labels: {kubernetes.io/service-name: %1$s}
        addressType: IPv4
        ports: [{name: http, port: 8080, protocol: TCP}]
        endpoints: [%2$s]
        """
            .formatted(name, endpoints));
  }

  @Override
  protected void removeService(String name) {
    cluster.kubectl("delete", "service/" + name, "endpointslice/" + name + "-1", "-n", "shop");
  }

  @Override
  protected void putGateway(String name, String host) {
    cluster.apply(
        """
        apiVersion: sluice.dev/v1
        kind: Gateway
        metadata: {name: %s, namespace: shop}
        spec:
          proxies: {selector: {app: edge}}
          listeners: [{name: http, port: 8080, protocol: HTTP, hosts: [%s]}]
        """
            .formatted(name, host));
  }

  @Override
  protected void removeGateway(String name) {
    cluster.kubectl("delete", "gateways.sluice.dev/" + name, "-n", "shop");
  }

  @Override
  protected void breakPeer() {
    cluster.killApiServer();
  }

  @Override
  protected void restorePeer() {
    cluster.startApiServer();
  }
}
