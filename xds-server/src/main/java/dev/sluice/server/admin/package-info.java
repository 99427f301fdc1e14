/** The HTTP API behind the commands: read-only views as JSON, health and metrics. */
@NullMarked
package dev.sluice.server.admin;

import org.jspecify.annotations.NullMarked;
