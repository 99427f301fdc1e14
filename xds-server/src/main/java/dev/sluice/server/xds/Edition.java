package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.Map;

/**
 * What a group's proxies are to have from one moment on.
 *
 * @param revision counts the group's editions from 1 in this process; nonces are made of it
 * @param diff how it differs from the edition before
 * @param withdrawn by type and name what is published and served no more, but may stay where it was
 *     accepted
 */
record Edition(
    long revision, SnapshotDiff diff, Map<ResourceType, Map<String, Resource>> withdrawn) {
  Snapshot snapshot() {
    return diff.after();
  }
}
