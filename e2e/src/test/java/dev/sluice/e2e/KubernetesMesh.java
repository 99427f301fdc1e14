package dev.sluice.e2e;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.ConsulSettings;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.KubernetesSettings;
import dev.sluice.server.settings.KubernetesSettings.StatusWriting;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SourceSettings;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/**
 * The service {@code orders} in a namespace of a real cluster, the real server that watches it, and
 * a real Envoy at its edge. Closing it ends all of them but the cluster.
 */
final class KubernetesMesh implements AutoCloseable {
  /** Every pod's port: each has an address of its own. */
  private static final int PORT = 8080;

  /** The control plane's endpoint in a bootstrap. */
  private static final Pattern ENDPOINT =
      Pattern.compile("(?m)^ +- endpoint:\n(?: .*\n)+?.*socket_address.*\n");

  private final KubernetesCluster cluster;
  private final String namespace;
  private final Pods pods;
  private final Map<String, TestBackend> backends = new ConcurrentHashMap<>();
  private final Deque<Runnable> stops = new ArrayDeque<>();
  private final int gatewayPort = Ports.free();

  /** A namespace, which is made where it is missing, with a Service and a Gateway. */
  KubernetesMesh(KubernetesCluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
    pods = new Pods(cluster.client(), namespace);
    pods.node("node-1", "north", "north-a");
    makeService();
    apply(Documents.gateway(gatewayPort));
  }

  /** Makes the Service anew, or lets it be. */
  void makeService() {
    apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: orders, namespace: shop}
        spec:
          selector: {app: orders}
          ports: [{name: http, port: 80, targetPort: http}]
        """);
  }

  /** Applies a document that was written for the namespace {@code shop}. */
  void apply(String document) {
    cluster.apply(document.replace("namespace: shop", "namespace: " + namespace));
  }

  /** Applies the policy of {@code orders}; see {@link Documents#policy}. */
  void applyPolicy(String sections) {
    apply(Documents.policy(sections));
  }

  /** Runs a pod of a version, which is ready. */
  TestBackend run(String pod, String version) {
    return run(pod, version, PodNetwork.newAddress());
  }

  /** Runs a pod at an address. */
  TestBackend run(String pod, String version, String address) {
    TestBackend backend = backendAt(address, pod, version);
    pods.run(pod, Map.of("app", "orders", "version", version), address, PORT, "node-1");
    return backend;
  }

  /** An instance of which the cluster knows nothing. */
  TestBackend backendAt(String address, String instance, String version) {
    try {
      TestBackend backend =
          TestBackend.startAt(
              new InetSocketAddress(InetAddress.getByName(address), PORT), version, instance);
      backends.put(instance, backend);
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Pods pods() {
    return pods;
  }

  /** Ends a pod's process without a word, as {@code kill -9} does. */
  void kill(String pod) {
    TestBackend backend = backends.remove(pod);
    if (backend != null) {
      backend.close();
    }
  }

  /** The namespace of this cluster, in these settings of a server. */
  KubernetesSettings settings(Path kubeconfig, Duration holdEmpty) {
    return new KubernetesSettings(
        cluster.folder().getFileName().toString(),
        kubeconfig,
        null,
        List.of(namespace),
        Optional.empty(),
        holdEmpty,
        StatusWriting.OFF,
        Optional.empty());
  }

  /** Starts a server of this namespace. */
  ControlPlane startServer() {
    return startServer(settings(cluster.kubeconfig(), KubernetesSettings.DEFAULT_HOLD_EMPTY));
  }

  /** Starts a server; it ends with the mesh if not before. */
  ControlPlane startServer(KubernetesSettings... clusters) {
    return startServer(new SourceSettings(List.of(), List.of(), List.of(clusters), List.of()));
  }

  /** Starts a server of this namespace and of services of a Consul, which are to be in it too. */
  ControlPlane startServer(ConsulSettings datacenter) {
    KubernetesSettings pods = settings(cluster.kubeconfig(), KubernetesSettings.DEFAULT_HOLD_EMPTY);
    return startServer(
        new SourceSettings(List.of(), List.of(), List.of(pods), List.of(datacenter)));
  }

  private ControlPlane startServer(SourceSettings sources) {
    HostPort any = new HostPort("127.0.0.1", 0);
    try {
      ControlPlane server =
          SluiceServer.start(ServerSettings.of(List.of(), any, any).withSources(sources));
      stops.addLast(server::close); // Envoys end first.
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A kubeconfig that leads through a forwarder. */
  Path kubeconfigThrough(Forwarder forwarder, Path kubeconfig) {
    try {
      String text = Files.readString(kubeconfig);
      return Files.writeString(
          cluster.folder().resolve("through-" + forwarder.port()),
          text.replace(":" + cluster.port() + "\"", ":" + forwarder.port() + "\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an Envoy at the edge, and waits until {@code orders} answers by it. */
  EnvoyProcess startGateway(ControlPlane server) {
    return startGateway(server.xdsAddress().getPort());
  }

  /** Starts an Envoy at the edge, and waits until {@code orders} answers by it. */
  EnvoyProcess startGateway(int xdsPort) {
    return startGatewayWith(bootstrap(xdsPort));
  }

  /** Starts an Envoy at the edge that knows two addresses of its control plane. */
  EnvoyProcess startGateway(int xdsPort, int otherXdsPort) {
    String bootstrap = bootstrap(xdsPort);
    Matcher endpoint = ENDPOINT.matcher(bootstrap);
    if (!endpoint.find()) {
      throw new AssertionError("no endpoint of the control plane in " + bootstrap);
    }
    String second = endpoint.group().replace(": " + xdsPort + "}", ": " + otherXdsPort + "}");
    return startGatewayWith(endpoint.replaceFirst("$0" + second));
  }

  private EnvoyProcess startGatewayWith(String bootstrap) {
    EnvoyProcess envoy = EnvoyProcess.start("kubernetes-" + namespace, bootstrap);
    stops.push(envoy::close);
    return envoy.awaitLive().awaitListener(gatewayPort);
  }

  private String bootstrap(int xdsPort) {
    TreeMap<String, String> labels = new TreeMap<>(Map.of("app", "front"));
    NodeGroup group =
        new NodeGroup(
            Role.GATEWAY,
            new ServiceId("front", namespace),
            new TreeSet<>(),
            labels,
            Locality.UNKNOWN,
            NodeGroup.DEFAULT_OUTBOUND_PORT,
            List.of(),
            List.of());
    ProxyNode node = new ProxyNode("kubernetes-" + namespace, group);
    return new EnvoyBootstrap(node, new HostPort("127.0.0.1", xdsPort), 0, Variant.DELTA).yaml();
  }

  /** Where the Envoy at the edge takes calls. */
  int gatewayPort() {
    return gatewayPort;
  }

  /** Calls {@code orders} from outside. */
  TrafficClient client() {
    return TrafficClient.to(gatewayPort, TestMesh.host(Role.GATEWAY));
  }

  /** Waits until fifty answers in a row are 200. */
  void awaitAnswers() {
    Awaitility.await().until(() -> client().send(50, 1).failures().isEmpty());
  }

  /** The addresses of a service's instances, as a server has them. */
  Set<String> addresses(ControlPlane server, String service) {
    return server
        .views()
        .image()
        .get()
        .catalog()
        .service(new ServiceId(service, namespace))
        .map(Service::endpoints)
        .orElse(List.of())
        .stream()
        .map(endpoint -> endpoint.address())
        .collect(Collectors.toSet());
  }

  /** Whether a server knows a service. */
  boolean knows(ControlPlane server, String service) {
    return server
        .views()
        .image()
        .get()
        .catalog()
        .service(new ServiceId(service, namespace))
        .isPresent();
  }

  /** How a server's only source is doing. */
  static SourceStatus source(ControlPlane server) {
    return server.views().sources().get().getFirst();
  }

  /** How one of a server's sources is doing. */
  static SourceStatus source(ControlPlane server, String name) {
    return server.views().sources().get().stream()
        .filter(source -> source.source().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until a server's only source is in this state. */
  static void awaitState(ControlPlane server, State state) {
    awaitState(server, source(server).source().name(), state);
  }

  /** Waits until one of a server's sources is in this state. */
  static void awaitState(ControlPlane server, String name, State state) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              SourceStatus source = source(server, name);
              Assertions.assertThat(source.state()).as("%s", source).isEqualTo(state);
            });
  }

  /** Waits until an instance alone answers. */
  static void awaitOnly(ContinuousTraffic traffic, String instance) {
    Awaitility.await()
        .until(() -> traffic.await(100).instances().keySet().equals(Set.of(instance)));
  }

  /** What the admin API answers. */
  static String admin(ControlPlane server, String path) {
    int port = server.adminAddress().getPort();
    return TrafficClient.to(port, "127.0.0.1:" + port).at(path).once().body();
  }

  @Override
  public void close() {
    try {
      stops.forEach(Runnable::run);
    } finally {
      backends.values().forEach(TestBackend::close);
    }
  }
}
