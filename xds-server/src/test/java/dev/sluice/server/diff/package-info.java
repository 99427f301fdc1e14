@NullMarked
package dev.sluice.server.diff;

import org.jspecify.annotations.NullMarked;
