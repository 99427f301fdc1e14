package dev.sluice.server.transport;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the xDS port is secured and limited.
 *
 * @param tls null for none
 * @param identity what a client's certificate allows its proxy to claim; where there is no rule,
 *     anything
 * @param keepalive how lost connections are found
 * @param connectionAge how long connections last; null for ever
 * @param drain over how long the streams are ended when the server is told to stop
 * @param limits how much clients may ask
 */
public record TransportSettings(
    @Nullable TlsFiles tls,
    List<IdentityRule> identity,
    Keepalive keepalive,
    @Nullable ConnectionAge connectionAge,
    Duration drain,
    StreamLimits limits) {
  /** Over how long streams are ended unless told otherwise. */
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(5);

  /** What holds unless told otherwise: no TLS. */
  public static final TransportSettings DEFAULT =
      new TransportSettings(
          null,
          List.of(),
          Keepalive.DEFAULT,
          ConnectionAge.DEFAULT,
          DEFAULT_DRAIN,
          StreamLimits.DEFAULT);

  /** No TLS, no limit on streams, and connections that last: for tests and measurements. */
  public static final TransportSettings OPEN =
      new TransportSettings(
          null, List.of(), Keepalive.DEFAULT, null, DEFAULT_DRAIN, StreamLimits.NONE);

  public TransportSettings {
    identity = List.copyOf(identity);
    Objects.requireNonNull(keepalive);
    Objects.requireNonNull(limits);
    if (drain.isNegative()) {
      throw new IllegalArgumentException("drain is negative: " + drain);
    }
  }

  /** Whether clients prove who they are, as rules of identity need it. */
  public boolean isIdentityProved() {
    return identity.isEmpty() || (tls != null && tls.isMutual());
  }

  /** The same with these files. */
  public TransportSettings withTls(@Nullable TlsFiles files) {
    return new TransportSettings(files, identity, keepalive, connectionAge, drain, limits);
  }

  /** The same with these rules. */
  public TransportSettings withIdentity(List<IdentityRule> rules) {
    return new TransportSettings(tls, rules, keepalive, connectionAge, drain, limits);
  }

  /** The same with these limits. */
  public TransportSettings withLimits(StreamLimits other) {
    return new TransportSettings(tls, identity, keepalive, connectionAge, drain, other);
  }

  /** The same with another time over which the streams are ended. */
  public TransportSettings withDrain(Duration other) {
    return new TransportSettings(tls, identity, keepalive, connectionAge, other, limits);
  }

  static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
