/** What every source needs beside its peer. */
@NullMarked
package dev.sluice.server.source;

import org.jspecify.annotations.NullMarked;
