/**
 * Folds what all sources say into one catalog: one writer thread, debounce for additions, none for
 * removals.
 */
@NullMarked
package dev.sluice.server.catalog;

import org.jspecify.annotations.NullMarked;
