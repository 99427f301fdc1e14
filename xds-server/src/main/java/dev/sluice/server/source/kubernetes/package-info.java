/** Services, documents and secrets of a Kubernetes cluster. */
@NullMarked
package dev.sluice.server.source.kubernetes;

import org.jspecify.annotations.NullMarked;
