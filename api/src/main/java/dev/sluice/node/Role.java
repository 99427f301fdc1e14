package dev.sluice.node;

/** What a proxy does ({@code node.metadata.sluice.role}; policy.md, section 1). */
public enum Role {
  /** An Envoy beside one instance of a service: its calls out, and the calls to it. */
  SIDECAR,
  /** An Envoy for all instances on one machine. */
  NODE,
  /** An Envoy at the edge, listening as Gateway documents say. */
  GATEWAY,
  /** A gRPC client that speaks xDS itself, without an Envoy. */
  PROXYLESS
}
