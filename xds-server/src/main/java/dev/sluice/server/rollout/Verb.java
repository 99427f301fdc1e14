package dev.sluice.server.rollout;

/** What people may ask of a rollout. */
public enum Verb {
  /** Go on now: the step's hold, its analysis and its approval are over, or the gate is open. */
  PROMOTE,
  /** Go no further for the time being. */
  PAUSE,
  /** Go on; begin anew where it went back or was given up. */
  RESUME,
  /** Give all of the traffic back. */
  ABORT
}
