package dev.sluice.server.rollout.analysis;

import java.util.concurrent.CompletableFuture;

/** Something that is asked again and again while a step is held. */
interface Check {
  /** What it is called. */
  String name();

  /** What is good, for people to read. */
  String bounds();

  /**
   * Asks once, on other threads and for a limited time; it never fails. Cancelling it ends the
   * request.
   */
  CompletableFuture<Answer> ask();
}
