package dev.sluice.server.consul;

/** Which of a registered instance's addresses is meant. */
public enum Addresses {
  /** The service's own, else its node's. */
  USUAL,
  /** The one tagged {@code lan}, else as {@link #USUAL}. */
  LAN,
  /** The one tagged {@code wan}, else as {@link #USUAL}. */
  WAN
}
