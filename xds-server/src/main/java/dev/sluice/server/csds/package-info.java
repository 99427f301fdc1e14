/** The client status discovery service: what each proxy was sent and acknowledged, over gRPC. */
@NullMarked
package dev.sluice.server.csds;

import org.jspecify.annotations.NullMarked;
