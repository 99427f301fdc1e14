package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Locality;
import io.fabric8.kubernetes.api.model.Node;
import java.util.Map;

/** Reads where a Node is, which is all that is kept of it. */
final class Nodes {
  private Nodes() {}

  static Locality locality(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null
        ? Locality.UNKNOWN
        : new Locality(label(labels, "region"), label(labels, "zone"));
  }

  private static String label(Map<String, String> labels, String name) {
    String old = labels.getOrDefault("failure-domain.beta.kubernetes.io/" + name, "");
    return labels.getOrDefault("topology.kubernetes.io/" + name, old).intern();
  }
}
