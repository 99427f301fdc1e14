/** The load benchmark: simulated proxies against this server and its references. */
@NullMarked
package dev.sluice.bench.load;

import org.jspecify.annotations.NullMarked;
