/** What end-to-end tests stand on: real Envoys, backends that misbehave on demand, traffic. */
@NullMarked
package dev.sluice.e2e;

import org.jspecify.annotations.NullMarked;
