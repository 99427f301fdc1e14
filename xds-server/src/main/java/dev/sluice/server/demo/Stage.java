package dev.sluice.server.demo;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that runs: documents, instances, control plane, Envoy, traffic. It is closed in the
 * reverse order, from any thread and however far it had come.
 */
final class Stage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
  private static final Duration UP = Duration.ofSeconds(30);
  private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private boolean closed;

  /**
   * What a stage shows once it is up.
   *
   * @param quickstart the documents as they were written
   * @param documents where they are
   * @param gateway where the proxy listens
   * @param instances the service's instances
   */
  record Set(
      Quickstart quickstart,
      Path documents,
      InetSocketAddress gateway,
      List<Instance> instances,
      ControlPlane server,
      EnvoyProcess envoy,
      Traffic traffic) {
    Acknowledged acknowledged() {
      return Acknowledged.of(server.views().proxies().get());
    }

    /** What is wrong with the documents now, of those that can be read and those that cannot. */
    SortedSet<Problem> problems() {
      SortedSet<Problem> all = new TreeSet<>(server.views().problems().get());
      server.views().sources().get().forEach(source -> all.addAll(source.problems()));
      return all;
    }

    Path file(String name) {
      return documents.resolve(name);
    }
  }

  /** Starts everything, and returns once a request has been answered through the proxy. */
  Set build(DemoSettings settings, ControlPlane.Starter starter)
      throws IOException, DemoException, InterruptedException {
    own(() -> Folders.delete(settings.work()));
    Quickstart example = Quickstart.read(Folders.read(settings.examples()));
    Map<Integer, Integer> ports = new HashMap<>();
    ports.put(example.gatewayPort(), freePort(example.gatewayPort()));
    List<Instance> instances = startInstances(example, ports);
    Quickstart quickstart = example.withPorts(ports);
    Folders.write(settings.documents(), quickstart.texts());
    if (!settings.keep()) {
      own(() -> Folders.delete(settings.documents()));
    }
    ControlPlane server =
        own(starter.start(ServerSettings.of(List.of(settings.documents()), ANY_PORT, ANY_PORT)));
    EnvoyProcess envoy =
        own(
            EnvoyProcess.start(
                settings.envoy(),
                bootstrap(quickstart, server.xdsAddress().getPort()),
                settings.work()));
    InetSocketAddress gateway = new InetSocketAddress(LOOPBACK, quickstart.gatewayPort());
    awaitAnswer(server, envoy, gateway, quickstart.host());
    Traffic traffic = own(Traffic.start(gateway, quickstart.host()));
    return new Set(quickstart, settings.documents(), gateway, instances, server, envoy, traffic);
  }

  private List<Instance> startInstances(Quickstart example, Map<Integer, Integer> ports)
      throws IOException {
    List<Instance> instances = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (var endpoint : example.service().spec().endpoints()) {
      String version = Quickstart.versionOf(endpoint);
      String name = version + "-" + numbers.merge(version, 1, Integer::sum);
      Instance instance = own(Instance.start(example.service().metadata().name(), name, version));
      if (endpoint.port() != null) {
        ports.put(endpoint.port(), instance.port());
      }
      instances.add(instance);
    }
    return instances;
  }

  /** The port itself if nobody has it, else any that nobody has. */
  private static int freePort(int wanted) throws IOException {
    try (ServerSocket socket = new ServerSocket(wanted, 1, LOOPBACK)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
        return socket.getLocalPort();
      }
    }
  }

  /** An edge proxy in the Gateway's namespace with the labels that the Gateway selects. */
  private static String bootstrap(Quickstart quickstart, int xdsPort) {
    var labels = quickstart.gateway().spec().proxies().selector();
    String app = labels.getOrDefault("app", "front-proxy");
    ServiceId service = new ServiceId(app, quickstart.gateway().metadata().namespace());
    NodeGroup group =
        new NodeGroup(
            Role.GATEWAY,
            service,
            new TreeSet<>(),
            labels,
            Locality.UNKNOWN,
            NodeGroup.DEFAULT_OUTBOUND_PORT,
            List.of());
    return new EnvoyBootstrap(
            new ProxyNode("gateway~" + service + "~demo", group),
            new HostPort("127.0.0.1", xdsPort),
            0,
            EnvoyBootstrap.Variant.DELTA)
        .yaml();
  }

  private static void awaitAnswer(
      ControlPlane server, EnvoyProcess envoy, InetSocketAddress gateway, String host)
      throws DemoException, InterruptedException {
    long deadline = System.nanoTime() + UP.toNanos();
    String last = "";
    while (System.nanoTime() - deadline < 0) {
      envoy.check();
      try (HttpConnection connection = new HttpConnection(gateway)) {
        HttpConnection.Answer answer = connection.get(host, "/");
        if (answer.status() == 200) {
          return;
        }
        last = answer.status() + " " + answer.body();
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      Thread.sleep(20);
    }
    Acknowledged acknowledged = Acknowledged.of(server.views().proxies().get());
    throw new DemoException(
        "Envoy does not answer on %s within %d s: %s%n%s%n%s"
            .formatted(
                gateway,
                UP.toSeconds(),
                last.strip(),
                acknowledged.refusal().orElse("It acknowledged: " + acknowledged.states()),
                envoy.end()));
  }

  private synchronized <T extends AutoCloseable> T own(T part) {
    if (closed) {
      close(part);
      throw new IllegalStateException("the demo is being ended");
    }
    running.push(part);
    return part;
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!running.isEmpty()) {
      close(running.pop());
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("while ending", e);
    }
  }
}
