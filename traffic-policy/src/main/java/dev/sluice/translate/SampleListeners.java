package dev.sluice.translate;

import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.spec.Envoy;
import dev.sluice.spec.Tree;
import dev.sluice.translate.ListenerInput.HttpListener;
import dev.sluice.translate.ListenerInput.Side;
import dev.sluice.translate.ListenerInput.TcpListener;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Listeners as a policy shapes them, wherever proxies that have them will bind them: what is wrong
 * with one of these is wrong with all.
 */
public final class SampleListeners {
  private static final String NAME = "listener";
  private static final String ADDRESS = "127.0.0.1";

  private SampleListeners() {}

  /** One for each side and kind that the policy of {@code port} shapes. */
  public static Stream<ListenerInput> of(PortTranslation port) {
    EffectivePolicy policy = port.policy();
    List<ListenerInput> samples = new ArrayList<>();
    patched(policy.envoy().ofListeners(Envoy.Side.OUTBOUND), new Side.Outbound(), samples);
    patched(policy.envoy().ofListeners(Envoy.Side.INBOUND), new Side.Inbound(), samples);
    port.tcp()
        .map(to -> new TcpListener(NAME, ADDRESS, 1, TrafficDirection.OUTBOUND, to))
        .ifPresent(samples::add);
    return samples.stream();
  }

  private static void patched(List<Tree> patches, Side side, List<ListenerInput> samples) {
    if (!patches.isEmpty()) {
      samples.add(new HttpListener(NAME, NAME, ADDRESS, 1, side, patches));
    }
  }
}
