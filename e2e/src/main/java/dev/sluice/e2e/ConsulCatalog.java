package dev.sluice.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The catalog of a real Consul, told directly of nodes and instances that no agent looks after. */
public final class ConsulCatalog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConsulApi api;

  ConsulCatalog(ConsulApi api) {
    this.api = api;
  }

  /** Registers an instance, its node and its check. */
  public void register(ConsulInstance instance) {
    ObjectNode body = JSON.createObjectNode();
    body.put("Node", instance.node());
    body.put("Address", instance.nodeAddress());
    body.putObject("NodeMeta").put("external-node", "true");
    body.set("Service", instance.json("Service"));
    body.set("Check", check(instance.check(), instance.id(), instance.status()));
    api.put("/v1/catalog/register", body.toString());
  }

  /** Sets, or makes, the check that an instance is registered with. */
  public void setStatus(ConsulInstance instance, ConsulStatus status) {
    setCheck(instance.node(), check(instance.check(), instance.id(), status));
  }

  /** Sets, or makes, a check of a whole node. */
  public void setNodeStatus(String node, String check, ConsulStatus status) {
    setCheck(node, check(check, "", status));
  }

  private void setCheck(String node, ObjectNode check) {
    ObjectNode body = JSON.createObjectNode().put("Node", node).put("SkipNodeUpdate", true);
    body.set("Check", check);
    api.put("/v1/catalog/register", body.toString());
  }

  private static ObjectNode check(String id, String serviceId, ConsulStatus status) {
    return JSON.createObjectNode()
        .put("CheckID", id)
        .put("Name", id)
        .put("ServiceID", serviceId)
        .put("Status", status.json());
  }

  /** Removes an instance and its checks; its node stays. */
  public void deregister(ConsulInstance instance) {
    deregister(instance.node(), Map.of("ServiceID", instance.id()));
  }

  /** Removes one check of a node. */
  public void deregisterCheck(String node, String check) {
    deregister(node, Map.of("CheckID", check));
  }

  /** Removes a node and all that runs on it. */
  public void deregisterNode(String node) {
    deregister(node, Map.of());
  }

  private void deregister(String node, Map<String, String> what) {
    ObjectNode body = JSON.createObjectNode().put("Node", node);
    what.forEach(body::put);
    api.put("/v1/catalog/deregister", body.toString());
  }
}
