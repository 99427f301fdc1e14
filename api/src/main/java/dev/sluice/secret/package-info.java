/** Certificates and private keys that proxies need, as sources tell them; never shown. */
@NullMarked
package dev.sluice.secret;

import org.jspecify.annotations.NullMarked;
