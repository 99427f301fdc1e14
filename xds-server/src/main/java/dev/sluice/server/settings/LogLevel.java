package dev.sluice.server.settings;

/** How much the server logs: what is named, and all that is worse. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE
}
