package dev.sluice.server.traces;

import dev.sluice.server.pipeline.Published;
import dev.sluice.server.xds.XdsMetrics;

/** Where each revision's way is told. */
public interface Traces extends XdsMetrics, Published.Listener, AutoCloseable {
  /** Traces nothing. */
  Traces NONE =
      new Traces() {
        @Override
        public void published(Published published) {}

        @Override
        public void ended(long revision, Outcome outcome) {}

        @Override
        public void close() {}
      };

  /** How a revision's way ended. */
  enum Outcome {
    /**
     * Every proxy that is connected, and that it is for, has acknowledged it, but for those that
     * were behind before it.
     */
    ACKNOWLEDGED,
    /** It is waited for no longer. */
    GIVEN_UP
  }

  /** Nothing more comes of a revision. */
  void ended(long revision, Outcome outcome);

  @Override
  void close();
}
