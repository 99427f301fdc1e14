package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;

/**
 * What a group's proxies are to have from one moment on.
 *
 * @param revision counts the group's editions from 1 in this process; nonces are made of it
 * @param diff how it differs from the edition before
 */
record Edition(long revision, SnapshotDiff diff) {
  Snapshot snapshot() {
    return diff.after();
  }
}
