package dev.sluice.node;

/**
 * A port on which a sidecar takes the calls to its own application ({@code
 * node.metadata.sluice.inbound[]}).
 *
 * @param port what the sidecar listens on
 * @param to the application's port on loopback
 */
public record InboundPort(int port, int to) {}
