package dev.sluice.server.xds;

/** A {@code Node} that says something impossible; the message says where and what is right. */
final class InvalidNodeException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidNodeException(String message) {
    super(message);
  }
}
