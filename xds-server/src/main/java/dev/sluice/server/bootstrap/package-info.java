/** The configuration a proxy starts with: who it is, and where its control plane is. */
@NullMarked
package dev.sluice.server.bootstrap;

import org.jspecify.annotations.NullMarked;
