/** Writes to custom resources what became of them. */
@NullMarked
package dev.sluice.server.conditions;

import org.jspecify.annotations.NullMarked;
