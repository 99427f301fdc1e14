@NullMarked
package dev.sluice.server.rollback;

import org.jspecify.annotations.NullMarked;
