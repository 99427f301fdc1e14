package dev.sluice.server.transport;

/** Why a stream, or a connection, is refused. */
public enum Refusal {
  /** A request has more bytes than allowed. */
  MESSAGE_SIZE("message-size"),
  /** A request has more names than allowed. */
  NAMES("names"),
  /** The connection has as many streams as allowed. */
  CONNECTION_STREAMS("connection-streams"),
  /** The server has as many streams as allowed. */
  STREAMS("streams"),
  /** More streams are opened in a second than allowed. */
  RATE("rate"),
  /** A proxy claims to be what its certificate does not allow. */
  IDENTITY("identity"),
  /** A client's certificate comes from nobody who is trusted, or is not valid. */
  CERTIFICATE("certificate"),
  /** The server stops. */
  STOPPING("stopping");

  private final String word;

  Refusal(String word) {
    this.word = word;
  }

  /** As metrics write it. */
  @Override
  public String toString() {
    return word;
  }
}
