/**
 * The source that reads documents from files and directories, and the services that their
 * StaticService documents name.
 */
@NullMarked
package dev.sluice.server.source.file;

import org.jspecify.annotations.NullMarked;
