package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Loopback ports that the system gives: for listeners whose port stands in a document. */
public final class Ports {
  /** What keeps the ports that were given, until this JVM ends. */
  private static final List<SocketChannel> KEPT = new ArrayList<>();

  private Ports() {}

  /**
   * A port on which nobody listens, and that only a peer of ours can: it stays bound, without
   * listening, so that the system gives it to no connection. Envoy's listeners bind with {@code
   * SO_REUSEPORT} and those of Go's programs with {@code SO_REUSEADDR}, which let them in.
   */
  public static synchronized int free() {
    try {
      SocketChannel kept = SocketChannel.open();
      KEPT.add(kept);
      kept.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      kept.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      kept.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return ((InetSocketAddress) kept.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
