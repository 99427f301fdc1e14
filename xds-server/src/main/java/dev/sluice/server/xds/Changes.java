package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a response changes for the client.
 *
 * @param put resources that are new or differ, or are sent again, sorted by name
 * @param gone names of resources that the client is to drop, sorted
 */
record Changes(List<Resource> put, List<String> gone) {
  static final Changes NONE = new Changes(List.of(), List.of());

  Changes {
    put = List.copyOf(put);
    gone = List.copyOf(gone);
  }

  boolean isEmpty() {
    return put.isEmpty() && gone.isEmpty();
  }

  /** Whether the response says anything about {@code name}. */
  boolean touches(String name) {
    return Collections.binarySearch(gone, name) >= 0 || indexOf(name) >= 0;
  }

  private int indexOf(String name) {
    int low = 0;
    int high = put.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = put.get(middle).name().compareTo(name);
      if (order == 0) {
        return middle;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return -1;
  }

  /** The names of all that the response says anything about, sorted. */
  List<String> names() {
    List<String> names = new ArrayList<>(put.size() + gone.size());
    put.forEach(resource -> names.add(resource.name()));
    names.addAll(gone);
    Collections.sort(names);
    return names;
  }
}
