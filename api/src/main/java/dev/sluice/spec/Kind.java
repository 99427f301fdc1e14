package dev.sluice.spec;

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

  /** As documents write it. */
  @Override
  public String toString() {
    return text;
  }
}
