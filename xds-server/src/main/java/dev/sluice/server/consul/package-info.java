/** How a Consul is reached, and its HTTP API as far as Sluice uses it. */
@NullMarked
package dev.sluice.server.consul;

import org.jspecify.annotations.NullMarked;
