/** The quickstart: a real Envoy, two versions of a small service, live traffic. */
@NullMarked
package dev.sluice.server.demo;

import org.jspecify.annotations.NullMarked;
