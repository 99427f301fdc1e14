/** The SPI that a source of facts and documents implements. */
@NullMarked
package dev.sluice.source;

import org.jspecify.annotations.NullMarked;
