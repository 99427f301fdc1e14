package dev.sluice.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.GrpcBootstrap;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Two replicas of the server, each a process of its own with a sidecar of its own under traffic,
 * which find it again at the same address when it was killed and another one started in its stead.
 */
final class ReplicaPair implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SIZE = 2;

  /** An Envoy tries more and more seldom to find its server again. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final RolloutPlace place;
  private final String namespace;
  private final List<Slot> slots = new ArrayList<>();
  private int started;

  /** The place of one replica. */
  private static final class Slot {
    final String name;
    final Forwarder address = new Forwarder(Ports.free());
    final int outbound = Ports.free();
    SluiceProcess server;
    @Nullable EnvoyProcess envoy;
    @Nullable ContinuousTraffic traffic;

    Slot(String name, SluiceProcess server) {
      this.name = name;
      this.server = server;
    }

    ContinuousTraffic traffic() {
      return Objects.requireNonNull(traffic);
    }
  }

  /**
   * Starts them, with nothing under traffic yet.
   *
   * @param namespace of {@code orders}
   */
  ReplicaPair(Path folder, RolloutPlace place, String namespace) {
    this.folder = folder;
    this.place = place;
    this.namespace = namespace;
    for (int i = 0; i < SIZE; i++) {
      slots.add(new Slot("replica-" + i, startServer()));
    }
    slots.forEach(slot -> slot.address.to(slot.server.awaitReady().xdsPort()));
  }

  /** One more server, which is not one of the two, and does not wait to be ready. */
  SluiceProcess startServer() {
    started++;
    return SluiceProcess.start(folder, "server-" + started, place.configuration());
  }

  /** Starts a sidecar at each, and sends requests by it. */
  void startTraffic() {
    for (Slot slot : slots) {
      slot.envoy = sidecar(slot.name, slot.address.port(), slot.outbound);
      slot.envoy.awaitListener(slot.outbound);
      TrafficClient client = TrafficClient.to(slot.outbound, "orders." + namespace);
      await().atMost(PATIENCE).until(() -> client.send(20, 1).failures().isEmpty());
      slot.traffic = client.keepSending(2, Duration.ofMillis(2));
    }
  }

  /** Starts a sidecar beside the leader's or the other one's, with no traffic. */
  EnvoyProcess idle(boolean atLeader) {
    Slot slot = slots.get(atLeader ? leading() : 1 - leading());
    return sidecar("idle", slot.address.port(), Ports.free());
  }

  private EnvoyProcess sidecar(String id, int xdsPort, int outbound) {
    String bootstrap =
        new EnvoyBootstrap(
                new ProxyNode(id, group(outbound)),
                new HostPort("127.0.0.1", xdsPort),
                0,
                Variant.DELTA,
                null)
            .yaml();
    return EnvoyProcess.start("rollout-%s-%s".formatted(namespace, id), bootstrap).awaitLive();
  }

  private NodeGroup group(int outbound) {
    return new NodeGroup(
        Role.SIDECAR,
        new ServiceId("front", namespace),
        new TreeSet<>(),
        new TreeMap<>(),
        Locality.UNKNOWN,
        outbound,
        List.of(),
        List.of());
  }

  /** A client of that server which does what a sidecar does on its stream. */
  RawProxy rawProxy(SluiceProcess server) {
    int port = server.xdsPort();
    ProxyNode node = new ProxyNode("raw", group(Ports.free()));
    String bootstrap = new GrpcBootstrap(node, new HostPort("127.0.0.1", port)).json();
    return RawProxy.connect(Variant.STATE_OF_THE_WORLD, bootstrap, port);
  }

  /** Which of the two leads. */
  private int leading() {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              String leader = place.leader();
              for (int i = 0; !leader.isEmpty() && i < SIZE; i++) {
                if (slots.get(i).server.log().contains(leader + " leads by")) {
                  return i;
                }
              }
              return -1;
            },
            found -> found >= 0);
  }

  SluiceProcess leader() {
    return slots.get(leading()).server;
  }

  SluiceProcess follower() {
    return slots.get(1 - leading()).server;
  }

  /** Ends the leader as {@code kill -9} does, and waits until the other one leads. */
  void killLeader() {
    int killed = leading();
    slots.get(killed).server.kill();
    slots.get(killed).address.to(slots.get(1 - killed).server.xdsPort()); // As a Service does.
    await().atMost(Duration.ofSeconds(60)).until(() -> leading() != killed);
  }

  /** Lets the leader hang until another one leads, and gives it. */
  SluiceProcess pauseLeader() {
    int paused = leading();
    slots.get(paused).server.pause();
    await().atMost(Duration.ofSeconds(60)).until(() -> leading() != paused);
    return slots.get(paused).server;
  }

  /** Starts another one in place of each that was killed. */
  void refill() {
    for (Slot slot : slots) {
      if (!slot.server.isAlive()) {
        slot.server = startServer();
        slot.address.to(slot.server.awaitReady().xdsPort());
        slot.address.drop();
      }
    }
    await().atMost(PATIENCE).until(() -> slots.stream().allMatch(slot -> proxies(slot.server) > 0));
  }

  private static int proxies(SluiceProcess server) {
    return json(server.admin("/v1/proxies")).path("proxies").size();
  }

  /** How the rollout stands, as a server tells it. */
  static JsonNode rollout(SluiceProcess server) {
    return json(server.admin("/v1/rollouts")).path("rollouts").path(0);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  /** Waits until the answers to both come from these versions alone. */
  void awaitOnly(String version) {
    for (Slot slot : slots) {
      await()
          .atMost(Duration.ofSeconds(90))
          .until(
              () ->
                  slot.traffic()
                      .awaitSentAfter(System.nanoTime(), 50)
                      .versions()
                      .keySet()
                      .equals(Set.of(version)));
    }
  }

  /** What failed so far. */
  List<Answer> failures() {
    return slots.stream().flatMap(slot -> slot.traffic().soFar().failures().stream()).toList();
  }

  @Override
  public void close() {
    for (Slot slot : slots) {
      if (slot.traffic != null) {
        slot.traffic.close();
      }
      if (slot.envoy != null) {
        slot.envoy.close();
      }
      slot.server.close();
      slot.address.close();
    }
  }
}
