/** What would become of a request: Envoy's matching, evaluated over what a proxy acknowledged. */
@NullMarked
package dev.sluice.server.explain;

import org.jspecify.annotations.NullMarked;
