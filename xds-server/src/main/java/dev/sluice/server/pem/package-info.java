/** PEM as people and tools write it: certificates, and keys of every form that Envoy reads. */
@NullMarked
package dev.sluice.server.pem;

import org.jspecify.annotations.NullMarked;
