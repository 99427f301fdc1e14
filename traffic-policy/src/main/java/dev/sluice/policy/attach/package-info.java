/** Policies and the catalog to what holds for each service: precedence, merging, conflicts. */
@NullMarked
package dev.sluice.policy.attach;

import org.jspecify.annotations.NullMarked;
