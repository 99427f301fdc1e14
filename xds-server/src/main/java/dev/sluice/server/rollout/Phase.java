package dev.sluice.server.rollout;

/** Where a rollout stands between two changes of the shares. */
public enum Phase {
  /** The next change waits for instances, for proxies, or for its gate. */
  READYING,
  /** The shares have changed, and proxies are acknowledging them. */
  SHIFTING,
  /** Every proxy has the shares of a step, which lasts its time and is measured. */
  HOLDING,
  /** A step is over but for somebody's word. */
  APPROVING,
  /** A flip is done, and the version before it is kept at hand. */
  KEEPING,
  /** The shares have gone back, and proxies are acknowledging them. */
  REVERTING,
  /** All of the traffic is where it was to go. */
  COMPLETE,
  /** All of the traffic is where it was before. */
  REVERTED,
  /** A gate was not met in its time, so that no traffic moved. */
  GIVEN_UP,
  /** What the document wants cannot begin from what is served; nothing moves. */
  BLOCKED;

  /** Whether it is over once proxies have acknowledged something. */
  boolean isOfProxies() {
    return switch (this) {
      case READYING, SHIFTING, REVERTING -> true;
      case HOLDING, APPROVING, KEEPING, COMPLETE, REVERTED, GIVEN_UP, BLOCKED -> false;
    };
  }

  /** Whether nothing more happens by itself. */
  public boolean isEnd() {
    return switch (this) {
      case COMPLETE, REVERTED, GIVEN_UP, BLOCKED -> true;
      case READYING, SHIFTING, HOLDING, APPROVING, KEEPING, REVERTING -> false;
    };
  }
}
