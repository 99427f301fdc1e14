/** YAML 1.2 to the records of {@code dev.sluice.spec}, with the position of every value. */
@NullMarked
package dev.sluice.policy.parse;

import org.jspecify.annotations.NullMarked;
