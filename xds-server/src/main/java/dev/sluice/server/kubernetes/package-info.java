/** How a Kubernetes cluster is reached: kubeconfigs, service accounts, tokens that are renewed. */
@NullMarked
package dev.sluice.server.kubernetes;

import org.jspecify.annotations.NullMarked;
