package dev.sluice.server.demo;

/** Why the demo cannot go on, in words for the person who started it. */
public final class DemoException extends Exception {
  private static final long serialVersionUID = 1;

  DemoException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
