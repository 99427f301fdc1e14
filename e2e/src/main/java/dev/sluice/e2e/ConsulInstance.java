package dev.sluice.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * An instance of a service, as it is registered with Consul.
 *
 * @param node on which it runs; said to the catalog only: an agent has its own
 * @param nodeAddress of that node
 * @param service its name
 * @param id unique on its node
 * @param address empty where it has that of its node
 * @param port where it listens
 * @param tags of the instance
 * @param meta of the instance
 * @param passingWeight its share while its checks pass; Consul's own default is 1
 * @param warningWeight its share while one warns; Consul's own default is 1
 * @param status of the check that it is registered with
 */
public record ConsulInstance(
    String node,
    String nodeAddress,
    String service,
    String id,
    String address,
    int port,
    List<String> tags,
    Map<String, String> meta,
    int passingWeight,
    int warningWeight,
    ConsulStatus status) {
  public ConsulInstance {
    tags = List.copyOf(tags);
    meta = Map.copyOf(meta);
  }

  /** A passing instance on a node of its own, whose name is {@code node-} and the ID. */
  public static ConsulInstance of(String service, String id, String address, int port) {
    return new ConsulInstance(
        "node-" + id,
        address,
        service,
        id,
        address,
        port,
        List.of(),
        Map.of(),
        1,
        1,
        ConsulStatus.PASSING);
  }

  /** The same on a node. */
  public ConsulInstance on(String node, String nodeAddress) {
    return new ConsulInstance(
        node,
        nodeAddress,
        service,
        id,
        address,
        port,
        tags,
        meta,
        passingWeight,
        warningWeight,
        status);
  }

  /** The same of another service. */
  public ConsulInstance of(String other) {
    return new ConsulInstance(
        node,
        nodeAddress,
        other,
        id,
        address,
        port,
        tags,
        meta,
        passingWeight,
        warningWeight,
        status);
  }

  /** The same with tags. */
  public ConsulInstance withTags(String... tags) {
    return new ConsulInstance(
        node,
        nodeAddress,
        service,
        id,
        address,
        port,
        List.of(tags),
        meta,
        passingWeight,
        warningWeight,
        status);
  }

  /** The same with metadata. */
  public ConsulInstance withMeta(Map<String, String> meta) {
    return new ConsulInstance(
        node,
        nodeAddress,
        service,
        id,
        address,
        port,
        tags,
        meta,
        passingWeight,
        warningWeight,
        status);
  }

  /** The same with weights. */
  public ConsulInstance withWeights(int passing, int warning) {
    return new ConsulInstance(
        node, nodeAddress, service, id, address, port, tags, meta, passing, warning, status);
  }

  /** The same in another state. */
  public ConsulInstance in(ConsulStatus status) {
    return new ConsulInstance(
        node,
        nodeAddress,
        service,
        id,
        address,
        port,
        tags,
        meta,
        passingWeight,
        warningWeight,
        status);
  }

  /** The ID of the check that it is registered with. */
  public String check() {
    return "service:" + id;
  }

  /** What the catalog's API and the agent's both take of it. */
  ObjectNode json(String nameField) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put(nameField, service);
    json.put("ID", id);
    json.put("Address", address);
    json.put("Port", port);
    tags.forEach(json.putArray("Tags")::add);
    ObjectNode metadata = json.putObject("Meta");
    meta.forEach(metadata::put);
    json.putObject("Weights").put("Passing", passingWeight).put("Warning", warningWeight);
    return json;
  }
}
