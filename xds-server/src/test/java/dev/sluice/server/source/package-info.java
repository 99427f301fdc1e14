/** What every source has to pass. */
@NullMarked
package dev.sluice.server.source;

import org.jspecify.annotations.NullMarked;
