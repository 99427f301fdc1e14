package dev.sluice.e2e;

import java.util.ArrayList;
import java.util.List;

/** Somebody in a namespace of a cluster who may read what is granted, and nothing else. */
final class ServiceAccount {
  private final KubernetesCluster cluster;
  private final String namespace;
  private final String name;
  private int grants;

  /** A new one, who may nothing. */
  ServiceAccount(KubernetesCluster cluster, String namespace, String name) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.name = name;
    cluster.kubectl("create", "serviceaccount", name, "-n", namespace);
  }

  /** Grants to read the documents of its namespace. */
  ServiceAccount grantDocuments() {
    return grant(
        "trafficpolicies.sluice.dev,gateways.sluice.dev,instanceoverrides.sluice.dev,"
            + "staticservices.sluice.dev");
  }

  /**
   * Grants to read resources of its namespace.
   *
   * @param resources plurals with their groups, with commas between
   * @param named those of these names alone; none for all
   */
  ServiceAccount grant(String resources, String... named) {
    String role = name + "-" + grants++;
    List<String> command = new ArrayList<>(List.of("create", "role", role, "-n", namespace));
    command.add("--verb=get,list,watch");
    command.add("--resource=" + resources);
    for (String one : named) {
      command.add("--resource-name=" + one);
    }
    cluster.kubectl(command.toArray(String[]::new));
    cluster.kubectl(
        "create",
        "rolebinding",
        role,
        "-n",
        namespace,
        "--role=" + role,
        "--serviceaccount=" + namespace + ":" + name);
    return this;
  }

  /** A bearer token, for an hour, or until the account is deleted. */
  String token() {
    return cluster.kubectl("create", "token", name, "-n", namespace).strip();
  }

  /** Deletes the account; its tokens are worth nothing once the API server has noticed. */
  void delete() {
    cluster.kubectl("delete", "serviceaccount/" + name, "-n", namespace);
  }
}
