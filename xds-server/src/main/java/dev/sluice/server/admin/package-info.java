/** The HTTP API behind the commands: views as JSON, overrides by hand, health and metrics. */
@NullMarked
package dev.sluice.server.admin;

import org.jspecify.annotations.NullMarked;
