/** Statuses in custom resources, by the one replica that holds a Lease. */
@NullMarked
package dev.sluice.server.conditions.kubernetes;

import org.jspecify.annotations.NullMarked;
