package dev.sluice.server.consul;

import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where the statuses of documents stand that are values of keys, and what their writers need.
 *
 * @param policies what the documents' keys begin with; ends with a slash
 * @param statuses what the keys of their statuses begin with; ends with a slash
 */
public record StatusNames(String policies, String statuses) {
  public StatusNames {
    Objects.requireNonNull(policies);
    Objects.requireNonNull(statuses);
  }

  /** The key of the status of what that key holds. */
  public String status(String key) {
    return statuses + key.substring(policies.length());
  }

  /** The key of which that one holds the status. */
  public String document(String status) {
    return policies + status.substring(statuses.length());
  }

  /** The key that the writer's session holds. */
  public String lock() {
    return beside("-lock");
  }

  /** What the keys begin with that hold what the other replicas tell the writer. */
  public String replicas() {
    return beside("-replicas/");
  }

  /** What the keys begin with that hold how rollouts stand. */
  public String rollouts() {
    return beside("-rollouts/");
  }

  private String beside(String tail) {
    return statuses.substring(0, statuses.length() - 1) + tail;
  }

  /**
   * Whether documents and what is written beside them keep out of each other's way. Else a status
   * would be read as a document, or wake whoever watches documents.
   */
  public boolean areApart() {
    return Stream.of(statuses, lock(), replicas(), rollouts())
        .noneMatch(one -> one.startsWith(policies) || policies.startsWith(one));
  }
}
