/** The documents as written: TrafficPolicy, Gateway, InstanceOverride and StaticService. */
@NullMarked
package dev.sluice.spec;

import org.jspecify.annotations.NullMarked;
