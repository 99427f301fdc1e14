/** Parts of Envoy's messages, as documents write them, merged over whole messages. */
@NullMarked
package dev.sluice.patch;

import org.jspecify.annotations.NullMarked;
