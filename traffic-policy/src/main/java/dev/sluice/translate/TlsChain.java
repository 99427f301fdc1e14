package dev.sluice.translate;

import dev.sluice.spec.TlsVersion;
import java.util.List;
import java.util.Objects;

/**
 * How a listener of a Gateway speaks TLS on a port that it may share with others.
 *
 * @param listener name of the Gateway's listener
 * @param serverNames for which of the names that clients ask for it is meant: exact, or {@code
 *     *.x}; empty for all that no other takes
 * @param certificate what clients are shown
 * @param oldest TLS that clients may speak
 */
public record TlsChain(
    String listener, List<String> serverNames, SecretUse certificate, TlsVersion oldest) {
  public TlsChain {
    Objects.requireNonNull(listener);
    serverNames = List.copyOf(serverNames);
    Objects.requireNonNull(certificate);
    Objects.requireNonNull(oldest);
  }

  /** The same that shows another certificate. */
  public TlsChain showing(SecretUse other) {
    return new TlsChain(listener, serverNames, other, oldest);
  }
}
