/** Statuses in Consul's key-value store, by the one replica whose session holds a lock. */
@NullMarked
package dev.sluice.server.conditions.consul;

import org.jspecify.annotations.NullMarked;
