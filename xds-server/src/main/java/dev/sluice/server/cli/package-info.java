/** The commands of {@code bin/sluice}. */
@NullMarked
package dev.sluice.server.cli;

import org.jspecify.annotations.NullMarked;
