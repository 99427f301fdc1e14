package dev.sluice.spec;

/** Another protocol that a connection may go on with ({@code RouteAction.upgrade_configs}). */
public enum Upgrade {
  WEBSOCKET
}
