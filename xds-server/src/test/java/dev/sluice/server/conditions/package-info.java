/** Statuses as documents get them. */
@NullMarked
package dev.sluice.server.conditions;

import org.jspecify.annotations.NullMarked;
