package dev.sluice.catalog;

import java.util.Objects;

/**
 * A service's name within its namespace; the same in every source.
 *
 * @param name name of the service, without dots
 * @param namespace namespace of the service
 */
public record ServiceId(String name, String namespace) implements Comparable<ServiceId> {
  public ServiceId {
    Objects.requireNonNull(name);
    Objects.requireNonNull(namespace);
  }

  /**
   * Reads {@code name} or {@code name.namespace}.
   *
   * @param text what a document says
   * @param defaultNamespace the namespace where the text names none
   */
  public static ServiceId parse(String text, String defaultNamespace) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new ServiceId(text, defaultNamespace)
        : new ServiceId(text.substring(0, dot), text.substring(dot + 1));
  }

  @Override
  public int compareTo(ServiceId other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code name.namespace}. */
  @Override
  public String toString() {
    return name + "." + namespace;
  }
}
