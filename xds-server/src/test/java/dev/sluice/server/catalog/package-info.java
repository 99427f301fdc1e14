/** Tests of the fold and its writer. */
@NullMarked
package dev.sluice.server.catalog;

import org.jspecify.annotations.NullMarked;
