package dev.sluice.server.xds;

import java.util.Map;

/**
 * A response that the client has neither accepted nor refused.
 *
 * @param since the publication from which on it brings changes
 * @param sentAt in nanoseconds of the machine's clock
 * @param changes what it changes
 * @param before what the client held of the resources in it; what is not in here it did not hold
 */
record InFlight(
    String nonce,
    String version,
    long since,
    long sentAt,
    Changes changes,
    Map<String, String> before) {}
