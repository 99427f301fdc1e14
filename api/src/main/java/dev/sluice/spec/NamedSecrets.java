package dev.sluice.spec;

import java.util.Set;
import java.util.TreeSet;

/** The secrets that a document names, which are of its own namespace. */
public final class NamedSecrets {
  private NamedSecrets() {}

  /** Their names; empty for most documents. */
  public static Set<String> of(Document document) {
    Set<String> names = new TreeSet<>();
    switch (document) {
      case Gateway gateway -> {
        for (Gateway.Listener listener : gateway.spec().listeners()) {
          Gateway.Tls tls = listener.tls();
          if (tls != null) {
            names.add(tls.secret());
          }
        }
      }
      case TrafficPolicy policy -> {
        UpstreamTls tls = policy.spec().upstreamTls();
        if (tls != null) {
          names.add(tls.caSecret());
          if (tls.secret() != null) {
            names.add(tls.secret());
          }
        }
      }
      case InstanceOverride _, StaticService _ -> {}
    }
    return names;
  }
}
