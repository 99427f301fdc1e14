/** Certificates and keys in files, one folder a secret. */
@NullMarked
package dev.sluice.server.source.secret;

import org.jspecify.annotations.NullMarked;
