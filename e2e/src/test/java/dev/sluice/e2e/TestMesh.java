package dev.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.GrpcBootstrap;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.bootstrap.ServerTrust;
import dev.sluice.server.settings.ConsulSettings;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SourceSettings;
import dev.sluice.server.transport.TransportSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The real server on a folder of documents, and the real Envoys that it configures. Closing it ends
 * all of them, and fails when any Envoy complained.
 */
final class TestMesh implements AutoCloseable {
  private final String name;
  private final DocumentFolder documents;

  /** The system's choice at the first start, and the same at every later one. */
  private int xdsPort;

  /** Where Envoys connect; none for the mesh's own server. */
  private int[] xdsPorts = {};

  private final int gatewayPort = Ports.free();
  private int outboundPort = Ports.free();
  private int sidecars = 1;
  private final Deque<Runnable> stops = new ArrayDeque<>();
  private volatile @Nullable ControlPlane server;
  private final List<OutboundTcp> tcp = new ArrayList<>();
  private Locality locality = Locality.UNKNOWN;
  private ServiceId caller = new ServiceId("front", "shop");
  private List<ServiceId> dependencies = List.of();
  private TransportSettings transport = TransportSettings.DEFAULT;
  private @Nullable ServerTrust trust;
  private List<Path> secrets = List.of();
  private List<ConsulSettings> datacenters = List.of();
  private UnaryOperator<ServerSettings> more = UnaryOperator.identity();

  /**
   * A mesh with the gateway document that a gateway listens by. Its server starts with the first
   * proxy, so that no proxy is there while the first documents are written.
   *
   * @param name of the Envoys' log files
   * @param folder an empty one
   */
  TestMesh(String name, Path folder) {
    this.name = name;
    documents = new DocumentFolder(folder);
    save("gateway.yaml", Documents.gateway(gatewayPort));
  }

  /** Saves a document, and gives when, in {@link System#nanoTime}. */
  long save(String file, String text) {
    return documents.save(file, text);
  }

  void delete(String file) {
    documents.delete(file);
  }

  /** Saves the policy of {@code orders} with these sections; see {@link Documents#policy}. */
  long savePolicy(String sections) {
    return save("orders-policy.yaml", Documents.policy(sections));
  }

  /** Saves the service {@code orders} with these instances. */
  long saveOrders(TestBackend... instances) {
    return save("orders.yaml", Documents.orders(instances));
  }

  /** Saves the service {@code orders}, of gRPC, with these instances. */
  long saveOrders(GrpcBackend first, GrpcBackend... others) {
    List<String> instances =
        Stream.concat(Stream.of(first), Stream.of(others))
            .map(it -> Documents.instance(it.port(), it.version()))
            .toList();
    return save("orders.yaml", Documents.service(instances, "grpc"));
  }

  /** Lets the proxies that are started next run there. */
  void runIn(String region, String zone) {
    locality = new Locality(region, zone);
  }

  /** Lets the proxies that are started next be those of this service, and not of {@code front}. */
  void callFrom(ServiceId service) {
    caller = service;
  }

  /** Lets the proxies that are started next have these services alone. */
  void dependOn(ServiceId... services) {
    dependencies = List.of(services);
  }

  /** Gives sidecars a loopback port for connections to a TCP service of their namespace. */
  int connectTcp(String service) {
    int port = Ports.free();
    tcp.add(OutboundTcp.parse(service, "shop", port));
    return port;
  }

  /** Gives the servers that are started next these settings; Envoys connect without TLS. */
  void secure(TransportSettings settings) {
    transport = settings;
  }

  /** Secures the server that is started next, and the Envoys' connections to it. */
  void secure(TransportSettings settings, ServerTrust ofEnvoys) {
    transport = settings;
    trust = ofEnvoys;
  }

  /** Gives the servers that are started next the secrets of a directory. */
  void readSecrets(Path directory) {
    secrets = List.of(directory);
  }

  /** Changes the settings of the servers that are started next. */
  void change(UnaryOperator<ServerSettings> settings) {
    more = settings;
  }

  /** Gives the servers that are started next the services of Consul. */
  void watch(ConsulSettings... settings) {
    datacenters = List.of(settings);
  }

  /** Where proxies connect. */
  int xdsPort() {
    return xdsPort;
  }

  void startServer() {
    server = start(documents, xdsPort);
    xdsPort = server.xdsAddress().getPort();
  }

  /** Starts one more server, on the same documents; it ends with the mesh if not before. */
  ControlPlane startReplica() {
    return startReplica(documents);
  }

  /** Starts one more server, on documents of its own; it ends with the mesh if not before. */
  ControlPlane startReplica(DocumentFolder own) {
    ControlPlane replica = start(own, 0);
    stops.addLast(replica::close);
    return replica;
  }

  private ControlPlane start(DocumentFolder of, int port) {
    HostPort xds = new HostPort("127.0.0.1", port);
    HostPort admin = new HostPort("127.0.0.1", 0);
    try {
      return SluiceServer.start(
          more.apply(
              ServerSettings.of(List.of(), xds, admin)
                  .withSources(
                      new SourceSettings(List.of(of.path()), secrets, List.of(), datacenters))
                  .withTransport(transport)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the Envoys that are started next connect to these ports, and not to the mesh's server. */
  void connectAt(int... ports) {
    xdsPorts = ports.clone();
  }

  void stopServer() {
    server().close();
    server = null;
  }

  ControlPlane server() {
    if (server == null) {
      startServer();
    }
    return Objects.requireNonNull(server);
  }

  /** Starts an Envoy of this role, delta, and waits until it carries traffic. */
  EnvoyProcess start(Role role) {
    return start(role, Variant.DELTA);
  }

  /** Starts an Envoy of this role and waits until it carries traffic. */
  EnvoyProcess start(Role role, Variant variant) {
    return start(role, variant, List.of());
  }

  /** Starts an Envoy of this role that also takes calls to its own application. */
  EnvoyProcess start(Role role, Variant variant, List<InboundPort> inbound) {
    return launch(role, variant, inbound).awaitLive().awaitListener(port(role));
  }

  /**
   * Starts a sidecar beside the application, which is the one instance of the service {@code
   * front}.
   *
   * @param sections of the service's policy; see {@link Documents#policyOf}
   * @return where the sidecar takes calls to the application
   */
  int startBeside(TestBackend application, String sections) {
    save("front.yaml", Documents.orders(application).replace("name: orders,", "name: front,"));
    save("front-policy.yaml", Documents.policyOf("front", sections));
    int port = Ports.free();
    start(Role.SIDECAR, Variant.DELTA, List.of(new InboundPort(port, application.port())));
    return port;
  }

  /** Starts an Envoy of this role that is not expected to be configured. */
  EnvoyProcess startUnready(Role role) {
    return launch(role, Variant.DELTA, List.of());
  }

  private EnvoyProcess launch(Role role, Variant variant, List<InboundPort> inbound) {
    String id = id(role);
    int[] ports = xdsPorts.length == 0 ? new int[] {server().xdsAddress().getPort()} : xdsPorts;
    String bootstrap =
        new EnvoyBootstrap(
                new ProxyNode(id, group(role, inbound)),
                new HostPort("127.0.0.1", ports[0]),
                0,
                variant,
                trust)
            .yaml();
    EnvoyProcess envoy = EnvoyProcess.start(id, withEndpoints(bootstrap, ports));
    stops.push(envoy::close);
    return envoy;
  }

  /** The node id of this role's Envoy, of sidecars the one that is started next. */
  String id(Role role) {
    String id = name + "-" + role.name().toLowerCase(Locale.ROOT);
    return role == Role.SIDECAR && sidecars > 1 ? id + "-" + sidecars : id;
  }

  /** Lets the sidecar that is started next, and what asks for its port, be another one. */
  void goToNextSidecar() {
    sidecars++;
    outboundPort = Ports.free();
  }

  /** How the one rollout stands, as the admin API has it. */
  JsonNode rollout() {
    Answer answer =
        TrafficClient.to(server().adminAddress().getPort(), "127.0.0.1").at("/v1/rollouts").once();
    try {
      return new ObjectMapper().readTree(answer.body()).path("rollouts").path(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bootstrap with an endpoint for each port, where it has one for the first. */
  private static String withEndpoints(String bootstrap, int[] ports) {
    int start = bootstrap.indexOf("              - endpoint:");
    int end = bootstrap.indexOf('\n', bootstrap.indexOf("port_value: " + ports[0])) + 1;
    String first = bootstrap.substring(start, end);
    String all =
        IntStream.of(ports)
            .mapToObj(port -> first.replace("port_value: " + ports[0], "port_value: " + port))
            .collect(Collectors.joining());
    return bootstrap.substring(0, start) + all + bootstrap.substring(end);
  }

  /** A client that does what a sidecar does on its stream; it ends with the mesh. */
  RawProxy rawProxy(String id, Variant variant, int port) {
    String bootstrap =
        new GrpcBootstrap(
                new ProxyNode(id, group(Role.SIDECAR, List.of())), new HostPort("127.0.0.1", port))
            .json();
    RawProxy proxy = RawProxy.connect(variant, bootstrap, port);
    stops.push(proxy::close);
    return proxy;
  }

  /** Starts a backend that ends with the mesh. */
  TestBackend backend(String version, String instance) {
    TestBackend backend = TestBackend.start(version, instance);
    stops.addLast(backend::close); // Envoys end first.
    return backend;
  }

  /** The bootstrap of a proxyless gRPC client. */
  String grpcBootstrap() {
    server();
    return new GrpcBootstrap(
            new ProxyNode(name + "-grpc", group(Role.PROXYLESS, List.of())),
            new HostPort("127.0.0.1", xdsPort))
        .json();
  }

  /** Who calls: the service whose proxies are also the gateway's. */
  private NodeGroup group(Role role, List<InboundPort> inbound) {
    TreeMap<String, String> labels = new TreeMap<>();
    labels.put("app", caller.name());
    return new NodeGroup(
        role,
        caller,
        new TreeSet<>(dependencies),
        labels,
        locality,
        role == Role.GATEWAY ? NodeGroup.DEFAULT_OUTBOUND_PORT : outboundPort,
        inbound,
        role == Role.SIDECAR ? tcp : List.of());
  }

  /** Where an Envoy of this role takes calls. */
  int port(Role role) {
    return role == Role.GATEWAY ? gatewayPort : outboundPort;
  }

  /** The name by which callers of this role's Envoy know {@code orders}. */
  static String host(Role role) {
    return role == Role.GATEWAY ? "orders.example.com" : "orders.shop";
  }

  /** Calls {@code orders} through the Envoy of this role. */
  TrafficClient client(Role role) {
    return TrafficClient.to(port(role), host(role));
  }

  /** Waits, for 40 seconds at most, until fifty answers in a row are as they should be. */
  void awaitAnswers(Role role, Predicate<TrafficReport> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> client(role).send(50, 1), condition);
  }

  /** Waits likewise until this version alone answers. */
  void awaitVersion(Role role, String version) {
    awaitAnswers(role, report -> report.versions().keySet().equals(Set.of(version)));
  }

  @Override
  public void close() {
    List<Throwable> failures = new ArrayList<>();
    for (Runnable stop : stops) {
      try {
        stop.run();
      } catch (RuntimeException | AssertionError e) {
        failures.add(e);
      }
    }
    if (server != null) {
      server.close();
    }
    if (!failures.isEmpty()) {
      AssertionError error = new AssertionError("the mesh did not end well", failures.getFirst());
      failures.stream().skip(1).forEach(error::addSuppressed);
      throw error;
    }
  }
}
