/** What proxies report of the load that they carry: taken by gRPC, kept, summed up. */
@NullMarked
package dev.sluice.server.load;

import org.jspecify.annotations.NullMarked;
