package dev.sluice.e2e;

import java.util.Locale;

/** What a check of Consul's says of a node or an instance. */
public enum ConsulStatus {
  PASSING,
  WARNING,
  CRITICAL;

  /** As it stands in Consul's JSON. */
  String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The verb by which a check with a time to live is told of it. */
  String verb() {
    return switch (this) {
      case PASSING -> "pass";
      case WARNING -> "warn";
      case CRITICAL -> "fail";
    };
  }
}
