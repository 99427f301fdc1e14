package dev.sluice.server.load;

/** Where the service counts. It is called on the streams' threads and must not wait. */
public interface LoadMetrics {
  /** Counts nothing. */
  LoadMetrics NONE = leftOut -> {};

  /** A report came, of which {@code leftOut} entries had no room. */
  void reported(int leftOut);
}
