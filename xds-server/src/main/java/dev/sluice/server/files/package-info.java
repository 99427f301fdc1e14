/** Files that are written as a whole, so that a crash leaves the one of before or the next. */
@NullMarked
package dev.sluice.server.files;

import org.jspecify.annotations.NullMarked;
