/**
 * Takes instances out of traffic, and back in, by writing InstanceOverrides where documents are.
 */
@NullMarked
package dev.sluice.server.overrides;

import org.jspecify.annotations.NullMarked;
