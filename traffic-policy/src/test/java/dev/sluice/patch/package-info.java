/** Patches over messages. */
@NullMarked
package dev.sluice.patch;

import org.jspecify.annotations.NullMarked;
