package dev.sluice.server.transport;

/** A request whose names the limits count ({@link StreamLimits#namesPerRequest}). */
public interface NamedRequest {
  /** How many names it has: asked for, given up and known. */
  int nameCount();
}
