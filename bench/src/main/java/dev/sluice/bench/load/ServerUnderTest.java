package dev.sluice.bench.load;

import java.io.IOException;

/** A control plane that serves {@link Contents} on a loopback port. */
interface ServerUnderTest extends AutoCloseable {
  /** Listens, with the contents as they are after change {@code last}, and tells the port. */
  int start(int last) throws IOException;

  /**
   * Makes one change known, as its own writer would.
   *
   * @return how long the writer was kept, in nanoseconds
   */
  long publish(int change);

  /** Ends all streams. */
  @Override
  void close();
}
