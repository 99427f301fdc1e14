/**
 * What a group of proxies is to be sent: resources encoded once and versioned by their content,
 * snapshots of them, the differences between snapshots, and the store that hands them to streams.
 */
@NullMarked
package dev.sluice.server.snapshot;

import org.jspecify.annotations.NullMarked;
