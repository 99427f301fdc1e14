package dev.sluice.server.consul;

import java.net.HttpURLConnection;

/** That Consul did not do what it was asked to; the message says why and what to do. */
public final class ConsulException extends Exception {
  private static final long serialVersionUID = 1;

  private final int code;

  /** That it failed for a cause. */
  public ConsulException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /**
   * That it failed.
   *
   * @param code HTTP's; 0 where Consul did not answer, or not to be read
   */
  public ConsulException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** HTTP's, as Consul answered; 0 where it did not answer. */
  public int code() {
    return code;
  }

  /** Whether the token is not known, or may not do it. */
  public boolean isForbidden() {
    return code == HttpURLConnection.HTTP_FORBIDDEN;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
