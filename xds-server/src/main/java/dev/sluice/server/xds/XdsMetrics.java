package dev.sluice.server.xds;

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

  /** A client accepted a response, so many nanoseconds after it was handed to the transport. */
  default void acknowledged(ResourceType type, long nanos) {}

  /** A client refused a response. */
  default void refused(ResourceType type) {}

  /** A client asked for a type that is not served. */
  default void unknownType(String typeUrl) {}
}
