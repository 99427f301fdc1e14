/** Benchmarks of the hot paths; docs/benchmarks.md has the commands and what they gave. */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
