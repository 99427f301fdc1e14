/**
 * Source-neutral facts: services, their endpoints and localities, the immutable catalog and its
 * deltas.
 */
@NullMarked
package dev.sluice.catalog;

import org.jspecify.annotations.NullMarked;
