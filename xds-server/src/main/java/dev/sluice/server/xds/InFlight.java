package dev.sluice.server.xds;

import java.util.Map;

/**
 * A response that the client has neither accepted nor refused.
 *
 * @param since the publication from which on it brings changes
 * @param sentAt in nanoseconds of the machine's clock
 * @param before what the client held of each resource in it, empty for nothing
 */
record InFlight(
    String nonce, String version, long since, long sentAt, Map<String, String> before) {}
