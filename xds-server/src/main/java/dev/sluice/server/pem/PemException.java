package dev.sluice.server.pem;

/** A text that holds no certificates, or no key, that can be used; the message says what to do. */
public final class PemException extends Exception {
  private static final long serialVersionUID = 1;

  PemException(String message) {
    super(message);
  }
}
