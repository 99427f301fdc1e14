package dev.sluice.server.source.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of a Pod: by its labels versions are told apart.
 *
 * @param labels all of them
 */
record PodLabels(SortedMap<String, String> labels) {
  PodLabels {
    labels = Collections.unmodifiableSortedMap(labels);
  }

  static PodLabels of(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    SortedMap<String, String> interned = new TreeMap<>();
    if (labels != null) {
      labels.forEach((key, value) -> interned.put(key.intern(), value.intern()));
    }
    return new PodLabels(interned);
  }
}
