package dev.sluice.policy.attach;

import dev.sluice.catalog.Endpoint;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.InstanceOverride.State;
import dev.sluice.spec.IpLiteral;
import dev.sluice.spec.StaticAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An {@link InstanceOverride} that holds for a service.
 *
 * @param attribution the document
 * @param match which instances
 * @param state what becomes of them
 * @param weight their share among their peers
 */
public record EffectiveOverride(
    Attribution attribution, Match match, Optional<State> state, OptionalInt weight) {
  public EffectiveOverride {
    Objects.requireNonNull(attribution);
    Objects.requireNonNull(match);
    Objects.requireNonNull(state);
    Objects.requireNonNull(weight);
  }

  static EffectiveOverride of(InstanceOverride override) {
    Integer weight = override.spec().weight();
    return new EffectiveOverride(
        new Attribution(override.key(), override.origin().start()),
        override.spec().match(),
        Optional.ofNullable(override.spec().state()),
        weight == null ? OptionalInt.empty() : OptionalInt.of(weight));
  }

  /** Whether it is about the instance of that address that carries these labels. */
  public boolean isAbout(StaticAddress address, Map<String, String> labels) {
    return isAbout(match, address, labels);
  }

  /** Whether {@code match} is about the instance of that address that carries these labels. */
  public static boolean isAbout(Match match, StaticAddress address, Map<String, String> labels) {
    String written = match.address();
    if (written != null) {
      return IpLiteral.isIpLiteral(written)
          ? written.equals(address.ip())
          : StaticAddress.parse(written).equals(address);
    }
    return match.pod() != null
        ? match.pod().equals(labels.get(Endpoint.POD_LABEL))
        : labels.entrySet().containsAll(match.labels().entrySet());
  }
}
