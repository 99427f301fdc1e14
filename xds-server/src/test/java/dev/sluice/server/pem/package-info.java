/** Tests of PEM, and certificates and keys for other tests. */
@NullMarked
package dev.sluice.server.pem;

import org.jspecify.annotations.NullMarked;
