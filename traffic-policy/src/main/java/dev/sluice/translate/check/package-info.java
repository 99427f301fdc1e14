/** What Envoy's own field rules forbid, found before a proxy is sent it. */
@NullMarked
package dev.sluice.translate.check;

import org.jspecify.annotations.NullMarked;
