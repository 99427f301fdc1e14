/** A service and its effective policy to Envoy's v3 protos: pure, one small class a concern. */
@NullMarked
package dev.sluice.translate;

import org.jspecify.annotations.NullMarked;
