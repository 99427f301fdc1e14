/**
 * What stands between the network and the protocol: TLS whose files are reloaded, the identity that
 * a proxy proves and the claims it allows, limits, and the drain of a stop.
 */
@NullMarked
package dev.sluice.server.transport;

import org.jspecify.annotations.NullMarked;
