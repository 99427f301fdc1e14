/** Statuses as keys in Consul get them. */
@NullMarked
package dev.sluice.server.conditions.consul;

import org.jspecify.annotations.NullMarked;
