/** The admission webhook: tells at {@code kubectl apply} what is wrong with a document. */
@NullMarked
package dev.sluice.server.webhook;

import org.jspecify.annotations.NullMarked;
