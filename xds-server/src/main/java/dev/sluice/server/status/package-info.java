/** Per-proxy sync state: what each has acknowledged, and which policy is behind a refusal. */
@NullMarked
package dev.sluice.server.status;

import org.jspecify.annotations.NullMarked;
