@NullMarked
package dev.sluice.server.webhook;

import org.jspecify.annotations.NullMarked;
