package dev.sluice.server.app;

import dev.sluice.server.settings.ProxyShare;
import dev.sluice.server.settings.Rollout;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.xds.Stages;
import dev.sluice.server.xds.XdsServerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the xDS engine's settings from the server's. */
final class XdsSettings {
  private XdsSettings() {}

  /** The engine's part of a server's settings; what these leave out is as the engine has it. */
  static XdsServerSettings of(ServerSettings settings) {
    XdsServerSettings xds = XdsServerSettings.at(settings.xds().toSocketAddress());
    Duration makeBeforeBreak = settings.deadlines().makeBeforeBreak();
    Duration progress = settings.deadlines().progress();
    xds = makeBeforeBreak == null ? xds : xds.withMakeBeforeBreakDeadline(makeBeforeBreak);
    xds = progress == null ? xds : xds.withProgressDeadline(progress);
    Rollout rollout = settings.rollout();
    return rollout == null ? xds : xds.withStages(stages(rollout));
  }

  private static Stages stages(Rollout rollout) {
    List<Stages.Share> shares =
        Stream.of(rollout.first(), rollout.then())
            .filter(Objects::nonNull)
            .map(XdsSettings::share)
            .toList();
    return new Stages(shares, Objects.requireNonNullElse(rollout.within(), Stages.DEFAULT_WITHIN));
  }

  private static Stages.Share share(ProxyShare share) {
    return switch (share.unit()) {
      case PROXIES -> new Stages.Count(share.number());
      case PERCENT -> new Stages.Percentage(share.number());
    };
  }
}
