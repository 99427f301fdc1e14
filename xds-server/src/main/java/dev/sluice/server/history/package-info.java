/** The last revisions with the documents that were in force, kept over restarts. */
@NullMarked
package dev.sluice.server.history;

import org.jspecify.annotations.NullMarked;
