package dev.sluice.server.source.file;

import dev.sluice.source.DocumentReader;
import java.util.concurrent.atomic.AtomicInteger;

/** Until it is mended it fails on every text with the word {@code FAIL}, as a bug would. */
final class FailingReader implements DocumentReader {
  private final DocumentReader reader = new LineReader();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean mended;

  @Override
  public Reading read(String file, String text) {
    if (text.contains("FAIL") && !mended) {
      throw new IllegalStateException("failure " + failures.incrementAndGet());
    }
    return reader.read(file, text);
  }

  void mend() {
    mended = true;
  }

  /** How often it failed so far. */
  int failures() {
    return failures.get();
  }
}
