/** Has the policies of an earlier revision hold for a time, in place of those that are told. */
@NullMarked
package dev.sluice.server.rollback;

import org.jspecify.annotations.NullMarked;
