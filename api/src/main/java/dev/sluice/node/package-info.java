/**
 * What decides a proxy's view of the mesh: its role, service, namespace, dependencies and locality.
 */
@NullMarked
package dev.sluice.node;

import org.jspecify.annotations.NullMarked;
