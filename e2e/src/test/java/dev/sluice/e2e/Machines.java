package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Instances of {@code orders} that a real Consul knows, each a real server at an address of its
 * own. Closing it ends them, and has Consul forget them.
 */
final class Machines implements AutoCloseable {
  private static final int PORT = 8080;
  private static final Duration LONG = Duration.ofMinutes(30);

  private final ConsulServer consul;
  private final Map<String, ConsulInstance> instances = new HashMap<>();
  private final Deque<Runnable> stops = new ArrayDeque<>();

  Machines(ConsulServer consul) {
    this.consul = consul;
  }

  /** Runs one on a node of its own, which passes; its version is a tag. */
  TestBackend run(String name, String version) {
    return run(name, version, instance -> instance.withTags("version=" + version));
  }

  /** Runs one on a node of its own, registered as it is to be; the version is what it answers. */
  TestBackend run(String name, String version, UnaryOperator<ConsulInstance> as) {
    TestBackend backend = start(name, version, as);
    ConsulInstance instance = get(name);
    consul.api().catalog().register(instance);
    stops.push(() -> consul.api().catalog().deregisterNode(instance.node()));
    return backend;
  }

  /** Runs one that Consul's own agent looks after. */
  TestBackend runBesideAgent(String name, String version) {
    TestBackend backend = start(name, version, UnaryOperator.identity());
    ConsulInstance instance = get(name);
    consul.api().agent().register(instance, LONG);
    stops.push(() -> consul.api().agent().deregister(instance));
    return backend;
  }

  private TestBackend start(String name, String version, UnaryOperator<ConsulInstance> as) {
    try {
      String address = PodNetwork.newAddress();
      TestBackend backend =
          TestBackend.startAt(
              new InetSocketAddress(InetAddress.getByName(address), PORT), version, name);
      stops.addLast(backend::close); // When nobody sends there any more.
      instances.put(name, as.apply(ConsulInstance.of("orders", name, address, PORT)));
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How one is registered. */
  ConsulInstance get(String name) {
    return Objects.requireNonNull(instances.get(name), name);
  }

  /** Sets the check of one; gives when Consul had answered, in {@link System#nanoTime}. */
  long set(String name, ConsulStatus status) {
    consul.api().catalog().setStatus(get(name), status);
    return System.nanoTime();
  }

  /** Waits until an Envoy knows so many instances that it may call. */
  static void awaitHealthy(EnvoyProcess envoy, int instances) {
    envoy.awaitTrue(
        instances + " instances that can be called",
        () -> envoy.stat("cluster\\.orders\\.shop.*\\.membership_healthy") == instances);
  }

  @Override
  public void close() {
    stops.forEach(Runnable::run);
  }
}
