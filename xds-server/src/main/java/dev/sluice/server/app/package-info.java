/** {@code Main}, and the only wiring: one page that sees everything. */
@NullMarked
package dev.sluice.server.app;

import org.jspecify.annotations.NullMarked;
