package dev.sluice.policy.attach;

import dev.sluice.spec.Gateway;
import dev.sluice.spec.Gateway.ListenerProtocol;
import java.util.List;
import java.util.TreeSet;

/** Which hosts a gateway's listeners take: exact names, {@code *.x}, or all where none is given. */
final class ListenerHosts {
  private ListenerHosts() {}

  /**
   * Whether a listener of {@code gateway} takes all that {@code host} stands for.
   *
   * @param host lower-cased; exact or {@code *.x}
   */
  static boolean cover(Gateway gateway, String host) {
    return gateway.spec().listeners().stream()
        .filter(listener -> listener.protocol() != ListenerProtocol.TCP)
        .anyMatch(
            listener ->
                listener.hosts().isEmpty()
                    || listener.hosts().stream()
                        .anyMatch(pattern -> HostPattern.covers(Candidate.host(pattern), host)));
  }

  /** All hosts of the listeners, for a message. */
  static String list(Gateway gateway) {
    List<String> hosts =
        gateway.spec().listeners().stream().flatMap(listener -> listener.hosts().stream()).toList();
    return String.join(", ", new TreeSet<>(hosts));
  }
}
