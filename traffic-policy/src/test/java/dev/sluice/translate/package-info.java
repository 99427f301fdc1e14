/** Golden folders, and tests of the parts that they cannot show. */
@NullMarked
package dev.sluice.translate;

import org.jspecify.annotations.NullMarked;
