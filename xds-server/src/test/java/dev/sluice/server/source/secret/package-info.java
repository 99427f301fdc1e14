/** Tests of secrets in directories. */
@NullMarked
package dev.sluice.server.source.secret;

import org.jspecify.annotations.NullMarked;
