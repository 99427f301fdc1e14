package dev.sluice.server.xds;

/**
 * The nonces of one stream and type: unique within these, and the same on every stream that is sent
 * the same revision, so that the bytes can be shared.
 */
final class Nonces {
  private String newest = "";
  private long revision = -1;
  private int repeats;

  /** The nonce of a response that brings {@code of}. */
  String next(long of) {
    repeats = of == revision ? repeats + 1 : 0;
    revision = of;
    newest = repeats == 0 ? Long.toString(of) : of + "." + repeats;
    return newest;
  }

  /** The nonce of the newest response; empty before the first. */
  String newest() {
    return newest;
  }
}
