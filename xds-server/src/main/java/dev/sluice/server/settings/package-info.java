/** What the server is told at its start: sluice.yaml and the options beside it. */
@NullMarked
package dev.sluice.server.settings;

import org.jspecify.annotations.NullMarked;
