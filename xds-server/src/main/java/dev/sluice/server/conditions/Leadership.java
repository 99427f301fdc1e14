package dev.sluice.server.conditions;

/** Whether this server, of all replicas, is the one that writes statuses. Any thread may ask. */
public interface Leadership extends AutoCloseable {
  /** Begins to seek it. */
  void start();

  /**
   * Whether this server leads. One that was stopped for a while knows that it does not, before it
   * has asked again.
   */
  boolean isLeader();

  /** Whether another one leads, as far as is known. */
  boolean isFollower();

  /** Seeks it no more, and gives it back; also where it was never sought. */
  @Override
  void close();
}
