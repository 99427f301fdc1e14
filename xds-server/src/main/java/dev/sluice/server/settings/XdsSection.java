package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Problem;
import dev.sluice.server.transport.ConnectionAge;
import dev.sluice.server.transport.Keepalive;
import dev.sluice.server.transport.StreamLimits;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportSettings;
import dev.sluice.spec.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The section {@code xds}, but for its address. */
final class XdsSection {
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final long LEAST_MESSAGE = 1 << 10;

  private XdsSection() {}

  static @Nullable TlsFiles tls(SluiceYaml.@Nullable Xds xds, Path file) {
    SluiceYaml.Tls tls = xds == null ? null : xds.tls();
    return tls == null ? null : tls(tls, file);
  }

  static TlsFiles tls(SluiceYaml.Tls tls, Path file) {
    return new TlsFiles(
        file.resolveSibling(tls.cert()),
        file.resolveSibling(tls.key()),
        tls.clientCa() == null ? null : file.resolveSibling(tls.clientCa()));
  }

  /** What the section says of the rest, with what holds by default; null where it is not there. */
  static @Nullable TransportSettings transport(SluiceYaml.@Nullable Xds xds) {
    return xds == null
        ? null
        : new TransportSettings(
            null,
            xds.identity(),
            keepalive(xds.keepalive()),
            age(xds.connectionAge()),
            Objects.requireNonNullElse(xds.drain(), TransportSettings.DEFAULT_DRAIN),
            limits(xds.limits()));
  }

  private static Keepalive keepalive(SluiceYaml.@Nullable KeepaliveTimes given) {
    Keepalive standard = Keepalive.DEFAULT;
    return given == null
        ? standard
        : new Keepalive(
            atLeast(LEAST, given.time(), standard.time()),
            atLeast(LEAST, given.timeout(), standard.timeout()),
            atLeast(LEAST, given.permit(), standard.permit()));
  }

  private static @Nullable ConnectionAge age(SluiceYaml.@Nullable Age given) {
    if (given == null) {
      return ConnectionAge.DEFAULT;
    }
    Duration max = Objects.requireNonNullElse(given.max(), ConnectionAge.DEFAULT.max());
    return max.isZero()
        ? null
        : new ConnectionAge(
            max, Objects.requireNonNullElse(given.grace(), ConnectionAge.DEFAULT.grace()));
  }

  private static StreamLimits limits(SluiceYaml.@Nullable Limits given) {
    StreamLimits standard = StreamLimits.DEFAULT;
    return given == null
        ? standard
        : new StreamLimits(
            messageBytes(given.message(), standard.messageBytes()),
            positive(given.namesPerRequest(), standard.namesPerRequest()),
            positive(given.streamsPerConnection(), standard.streamsPerConnection()),
            positive(given.streams(), standard.streams()),
            positive(given.newStreamsPerSecond(), standard.newStreamsPerSecond()));
  }

  private static int messageBytes(@Nullable Size given, int standard) {
    return given == null || !isMessage(given) ? standard : (int) given.bytes();
  }

  private static boolean isMessage(Size size) {
    return size.bytes() >= LEAST_MESSAGE && size.bytes() <= Integer.MAX_VALUE;
  }

  /** The value, or where it is a problem, which {@link #problems} tells, the standard. */
  private static int positive(@Nullable Integer given, int standard) {
    return given == null || given < 1 ? standard : given;
  }

  private static Duration atLeast(Duration least, @Nullable Duration given, Duration standard) {
    return given == null || given.compareTo(least) < 0 ? standard : given;
  }

  /** What is wrong with values that could be read. */
  static List<Problem> problems(
      SluiceYaml.@Nullable Xds xds, @Nullable TlsFiles tls, Bound<?> bound) {
    if (xds == null) {
      return List.of();
    }
    SectionFindings findings = new SectionFindings("xds", bound);
    if (tls != null && !findings.isLost("tls")) {
      tls.wrong(InstantSource.system())
          .forEach(wrong -> findings.add("tls." + wrong.part(), wrong.message()));
    }
    if (!xds.identity().isEmpty() && !findings.isLost("tls") && (tls == null || !tls.isMutual())) {
      findings.add("identity", "clients prove no identity without tls.clientCa; name it");
    }
    if (xds.keepalive() != null) {
      findings.atLeast(LEAST, "keepalive.time", xds.keepalive().time());
      findings.atLeast(LEAST, "keepalive.timeout", xds.keepalive().timeout());
      findings.atLeast(LEAST, "keepalive.permit", xds.keepalive().permit());
    }
    if (xds.limits() != null) {
      SluiceYaml.Limits limits = xds.limits();
      if (limits.message() != null && !isMessage(limits.message())) {
        findings.add("limits.message", limits.message() + " is not within 1Ki..2Gi-1");
      }
      findings.positive("limits.namesPerRequest", limits.namesPerRequest());
      findings.positive("limits.streamsPerConnection", limits.streamsPerConnection());
      findings.positive("limits.streams", limits.streams());
      findings.positive("limits.newStreamsPerSecond", limits.newStreamsPerSecond());
    }
    return findings.problems();
  }
}
