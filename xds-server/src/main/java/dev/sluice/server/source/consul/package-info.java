/** Services and documents of a Consul data centre. */
@NullMarked
package dev.sluice.server.source.consul;

import org.jspecify.annotations.NullMarked;
