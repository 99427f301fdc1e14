package dev.sluice.bench.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the proxies hold. They are all sent the same, so it is noted once, of the first of them.
 * Belongs to the fleet's event loop.
 */
final class Held {
  /** What is held of one type. */
  static final class OfType {
    private final TreeMap<String, String> versions = new TreeMap<>();
    private String version = "";

    /** The version of the last response. */
    String version() {
      return version;
    }

    /** Versions by name; the versions are empty where the variant has none. */
    Map<String, String> versions() {
      return versions;
    }
  }

  private final OfType clusters = new OfType();
  private final OfType endpoints = new OfType();
  private byte[] names = {};

  OfType clusters() {
    return clusters;
  }

  OfType endpoints() {
    return endpoints;
  }

  /** The encoded names of the endpoints, as a state-of-the-world request repeats them. */
  byte[] names() {
    return names;
  }

  /** Takes one resource of the response that is being read. */
  void note(boolean isEndpoints, String name, String version) {
    (isEndpoints ? endpoints : clusters).versions.put(name, version);
  }

  /** Takes the version of the response whose resources were noted. */
  void responded(ResponseScan response) {
    (response.isEndpoints() ? endpoints : clusters).version = response.version();
    if (!response.isEndpoints()) {
      names = XdsMessages.names(clusters.versions.keySet());
    }
  }
}
