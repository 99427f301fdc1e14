package dev.sluice.server.xds;

/** How a stream's responses are cut. */
public enum Variant {
  /** A response tells what is, and the client finds the difference. */
  STATE_OF_THE_WORLD("SotW"),
  /** A response tells the difference. */
  DELTA("delta");

  private final String word;

  Variant(String word) {
    this.word = word;
  }

  /** As people write it: {@code SotW} or {@code delta}. */
  @Override
  public String toString() {
    return word;
  }
}
