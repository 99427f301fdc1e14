package dev.sluice.spec;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of document (policy.md). */
public enum Kind {
  TRAFFIC_POLICY("TrafficPolicy"),
  GATEWAY("Gateway"),
  STATIC_SERVICE("StaticService"),
  INSTANCE_OVERRIDE("InstanceOverride");

  private final String text;

  Kind(String text) {
    this.text = text;
  }

  /** The kind that is written so, in letters of any case; empty where there is none. */
  public static Optional<Kind> of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text.equalsIgnoreCase(text)).findFirst();
  }

  /** All of them as documents write them, for people to choose from. */
  public static String choice() {
    return Arrays.stream(values()).map(Kind::toString).collect(Collectors.joining(", "));
  }

  /** As documents write it. */
  @Override
  public String toString() {
    return text;
  }
}
