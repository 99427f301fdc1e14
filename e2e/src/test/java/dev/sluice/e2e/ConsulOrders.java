package dev.sluice.e2e;

import java.nio.file.Path;
import java.time.Duration;

/** The service {@code orders} of a real Consul, two instances of it to begin with. */
final class ConsulOrders {
  static final ConsulOptions NORTH = ConsulOptions.of("north");
  static final Duration HOLD = Duration.ofSeconds(6);
  static final ConsulInstance FIRST = ConsulInstance.of("orders", "orders-1", "10.244.1.1", 80);
  static final ConsulInstance SECOND = ConsulInstance.of("orders", "orders-2", "10.244.1.2", 80);
  static final ConsulInstance THIRD = ConsulInstance.of("orders", "orders-3", "10.244.1.3", 80);

  private ConsulOrders() {}

  /** Starts a Consul that has the first two. */
  static ConsulServer start(Path folder) {
    ConsulServer consul = ConsulServer.start(folder.resolve("consul"), NORTH);
    consul.api().catalog().register(FIRST);
    consul.api().catalog().register(SECOND);
    return consul;
  }

  /** Watches it, and waits until its first two instances are told. */
  static WatchedConsul watch(ConsulServer consul) {
    return watch(consul, HOLD);
  }

  /** See {@link #watch(ConsulServer)}. */
  static WatchedConsul watch(ConsulServer consul, Duration holdEmpty) {
    WatchedConsul watched = WatchedConsul.synced(consul.address(), holdEmpty);
    watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2");
    return watched;
  }

  /** Sets the checks of instances. */
  static void set(ConsulServer consul, ConsulStatus status, ConsulInstance... instances) {
    for (ConsulInstance one : instances) {
      consul.api().catalog().setStatus(one, status);
    }
  }
}
