/** Tests of what takes instances out of traffic. */
@NullMarked
package dev.sluice.server.overrides;

import org.jspecify.annotations.NullMarked;
