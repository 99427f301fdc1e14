package dev.sluice.catalog;

/** What a service's port speaks (policy.md, section 1, {@code protocol}). */
public enum Protocol {
  /** HTTP/1.1. */
  HTTP,
  /** HTTP/2 without TLS negotiation. */
  HTTP2,
  /** gRPC, that is HTTP/2 with gRPC's statuses. */
  GRPC,
  /** Bytes. */
  TCP
}
