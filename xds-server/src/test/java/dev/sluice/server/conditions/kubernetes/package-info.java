/** Who of several replicas writes to a cluster. */
@NullMarked
package dev.sluice.server.conditions.kubernetes;

import org.jspecify.annotations.NullMarked;
