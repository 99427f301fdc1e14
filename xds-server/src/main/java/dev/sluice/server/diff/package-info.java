/** What documents would change, found beside the live state. */
@NullMarked
package dev.sluice.server.diff;

import org.jspecify.annotations.NullMarked;
