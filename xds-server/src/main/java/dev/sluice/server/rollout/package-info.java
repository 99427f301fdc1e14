/** Moves traffic from one version to another in steps that every proxy has confirmed. */
@NullMarked
package dev.sluice.server.rollout;

import org.jspecify.annotations.NullMarked;
