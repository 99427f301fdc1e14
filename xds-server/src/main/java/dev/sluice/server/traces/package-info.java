/**
 * Each change's way, from a source's word to the proxies' acknowledgement, as OpenTelemetry traces.
 */
@NullMarked
package dev.sluice.server.traces;

import org.jspecify.annotations.NullMarked;
