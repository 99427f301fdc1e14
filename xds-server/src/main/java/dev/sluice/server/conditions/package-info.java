/** Writes beside documents what became of them, wherever they stand. */
@NullMarked
package dev.sluice.server.conditions;

import org.jspecify.annotations.NullMarked;
