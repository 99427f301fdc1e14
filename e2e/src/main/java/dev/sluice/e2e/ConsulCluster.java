package dev.sluice.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Several real Consul servers of one data centre, which elect a leader. */
public final class ConsulCluster implements AutoCloseable {
  private final List<ConsulServer> servers;

  private ConsulCluster(List<ConsulServer> servers) {
    this.servers = List.copyOf(servers);
  }

  /**
   * Starts servers, and waits until each knows the leader.
   *
   * @param folder for their configuration, data and logs; one of their own
   * @param size how many servers there are: three survive the loss of one
   */
  public static ConsulCluster start(Path folder, ConsulOptions settings, int size) {
    List<ConsulPorts> ports = Stream.generate(ConsulPorts::free).limit(size).toList();
    List<ConsulServer> servers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String node = settings.datacenter() + "-" + (i + 1);
      servers.add(new ConsulServer(settings, node, folder.resolve(node), ports.get(i), ports));
    }
    ConsulCluster cluster = new ConsulCluster(servers);
    try {
      servers.forEach(ConsulServer::launch);
      servers.forEach(ConsulServer::awaitReady);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** All servers, those that were killed too. */
  public List<ConsulServer> servers() {
    return servers;
  }

  /** The leader on which all servers that run agree; empty during an election. */
  public Optional<ConsulServer> tryLeader() {
    List<String> said =
        servers.stream()
            .filter(ConsulServer::isRunning)
            .map(server -> server.api().leader())
            .distinct()
            .toList();
    return said.size() == 1 ? withAddress(said.getFirst()) : Optional.empty();
  }

  /** The leader; waits for an election to end. */
  public ConsulServer leader() {
    AtomicReference<@Nullable ConsulServer> leader = new AtomicReference<>();
    ConsulServer any = servers.stream().filter(ConsulServer::isRunning).findFirst().orElseThrow();
    any.await(
        "agreed with the others on a leader",
        () -> {
          leader.set(tryLeader().orElse(null));
          return leader.get() != null;
        });
    return Objects.requireNonNull(leader.get());
  }

  /** Ends the leader at once, as {@code kill -9} does, and gives it: it can be started again. */
  public ConsulServer killLeader() {
    ConsulServer leader = leader();
    leader.kill();
    return leader;
  }

  private Optional<ConsulServer> withAddress(String raft) {
    return servers.stream()
        .filter(ConsulServer::isRunning)
        .filter(server -> raft.equals("127.0.0.1:" + server.ports().server()))
        .findFirst();
  }

  @Override
  public void close() {
    servers.forEach(ConsulServer::close);
  }
}
