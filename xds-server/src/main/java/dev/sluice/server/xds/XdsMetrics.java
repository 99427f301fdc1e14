package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.ResourceType;

/** Where the server counts. It is called on the streams' threads and must not wait. */
public interface XdsMetrics {
  /** Counts nothing. */
  XdsMetrics NONE = new XdsMetrics() {};

  /** A stream was opened. */
  default void opened(Variant variant) {}

  /** A stream that was opened has ended, however it did. */
  default void closed(Variant variant) {}

  /** A response was handed to the transport; {@code bytes} is its encoded size. */
  default void pushed(ResourceType type, int bytes) {}

  /**
   * The proxy of that id has accepted, or refused, a response.
   *
   * @param nanos since it was handed to the transport
   */
  default void answered(
      NodeGroup group, String proxy, ResourceType type, Answer answer, long nanos) {}

  /** What a proxy says of a response. */
  enum Answer {
    ACK,
    NACK
  }

  /** A client asked for a type that is not served. */
  default void unknownType(String typeUrl) {}
}
