/** Catalog to attached policies to translation to snapshots, redoing only what changed. */
@NullMarked
package dev.sluice.server.pipeline;

import org.jspecify.annotations.NullMarked;
