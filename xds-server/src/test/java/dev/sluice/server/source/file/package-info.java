/** Tests of the file source, in real directories. */
@NullMarked
package dev.sluice.server.source.file;

import org.jspecify.annotations.NullMarked;
