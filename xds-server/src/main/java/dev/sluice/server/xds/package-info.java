/**
 * The protocol: aggregated discovery, state-of-the-world and delta. A pure {@link
 * dev.sluice.server.xds.SubscriptionState} machine per stream under a thin gRPC adapter.
 */
@NullMarked
package dev.sluice.server.xds;

import org.jspecify.annotations.NullMarked;
