/** Documents to the list of all that is wrong with them. */
@NullMarked
package dev.sluice.policy.validate;

import org.jspecify.annotations.NullMarked;
