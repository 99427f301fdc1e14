/**
 * What is wrong with a document: severity, file:line:column, path and a message that says what
 * would be right.
 */
@NullMarked
package dev.sluice.problem;

import org.jspecify.annotations.NullMarked;
