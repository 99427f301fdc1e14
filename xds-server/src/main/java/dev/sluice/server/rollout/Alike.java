package dev.sluice.server.rollout;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.xds.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Proxies that asked for the same, were sent the same and answered the same.
 *
 * @param like one of them
 * @param ids the ids of all, added to as they are found
 */
record Alike(NodeStatus like, SortedSet<String> ids) {
  static Alike of(NodeStatus first) {
    return new Alike(first, new TreeSet<>());
  }

  /**
   * By what it is known that proxies are alike: that they share the very same lists, as nearly all
   * of a group do. Others are looked at one by one.
   */
  static final class Sameness {
    private final List<Object> parts = new ArrayList<>();

    private Sameness() {}

    static Sameness of(NodeStatus proxy) {
      Sameness sameness = new Sameness();
      for (ResourceType type : proxy.types().keySet()) {
        NodeStatus.TypeStatus status = proxy.types().get(type);
        if (status == null || status.sync() == NodeStatus.Sync.REFUSED) {
          sameness.parts.add(proxy); // Each has its own words.
        } else {
          sameness.parts.add(type);
          sameness.parts.add(status.names());
          sameness.parts.add(status.resources());
          sameness.parts.add(status.sync());
        }
      }
      return sameness;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // equal lists would do, it only costs more
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Sameness that) || parts.size() != that.parts.size()) {
        return false;
      }
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i) != that.parts.get(i)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      int hash = 1;
      for (Object part : parts) {
        hash = 31 * hash + System.identityHashCode(part);
      }
      return hash;
    }
  }
}
