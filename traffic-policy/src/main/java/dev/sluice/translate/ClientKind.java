package dev.sluice.translate;

import dev.sluice.node.Role;

/** Which implementation of xDS a resource is for, since they take different parts of the protos. */
public enum ClientKind {
  /** Envoy. */
  ENVOY,
  /** A gRPC library that speaks xDS itself (gRFC A27 and its successors). */
  GRPC;

  /** The implementation that proxies of that role are. */
  public static ClientKind of(Role role) {
    return switch (role) {
      case SIDECAR, NODE, GATEWAY -> ENVOY;
      case PROXYLESS -> GRPC;
    };
  }
}
