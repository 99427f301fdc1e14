/** Measures how the new version does while a step of a rollout is held. */
@NullMarked
package dev.sluice.server.rollout.analysis;

import org.jspecify.annotations.NullMarked;
