/** Which services are wanted, for sources that do not tell all they could. */
@NullMarked
package dev.sluice.server.demand;

import org.jspecify.annotations.NullMarked;
