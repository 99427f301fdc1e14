/** What the server measures: each meter declared once, for the code and for its page. */
@NullMarked
package dev.sluice.server.meters;

import org.jspecify.annotations.NullMarked;
