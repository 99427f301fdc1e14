package dev.sluice.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** The network that {@code e2e/network/bin/java} makes, in which instances have addresses. */
final class PodNetwork {
  /** What to say where this process is not in it. */
  static final String MISSING =
      "this process has no network in which pods have addresses; run the tests by Maven on a Linux"
          + " with user namespaces (e2e/network/bin/java makes one)";

  private static final String POD = "10.244.255.254";
  private static final AtomicInteger LAST_ADDRESS = new AtomicInteger();

  private PodNetwork() {}

  /** Whether this process is in it. */
  static boolean isThere() {
    try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.getByName(POD))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** An address that no instance has had. */
  static String newAddress() {
    int number = LAST_ADDRESS.incrementAndGet();
    return "10.244.%d.%d".formatted(number / 200, number % 200 + 1);
  }
}
