package dev.sluice.server.conditions.consul;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.sluice.server.consul.ConsulException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes, renews and ends sessions in Consul. Of one thread at a time. */
final class Sessions {
  /**
   * The shortest that Consul allows. It ends a session that is not renewed after up to twice it.
   */
  static final Duration TTL = Duration.ofSeconds(10);

  /** A data centre that is not the agent's does not know the agent's node. */
  private static final String NO_NODE = "Missing node registration";

  private final Calls calls;
  private final String name;

  /**
   * Sessions of one name.
   *
   * @param name for people who look at Consul's list of them
   */
  Sessions(Calls calls, String name) {
    this.calls = calls;
    this.name = name;
  }

  private record Created(@JsonProperty("ID") String id) {}

  private record Server(@JsonProperty("Node") String node) {}

  /** Makes one, and gives its ID. */
  String create() throws ConsulException {
    try {
      return create(Optional.empty());
    } catch (ConsulException e) {
      if (!e.getMessage().contains(NO_NODE)) {
        throw e;
      }
      Optional<String> node = server();
      if (node.isEmpty()) {
        throw new ConsulException(
            e.code(),
            e.getMessage()
                + "; no server of the data centre is shown either, on whose node a session could"
                + " be: grant service:read on consul, and node:read",
            e);
      }
      return create(node);
    }
  }

  /**
   * With no check: it ends where it is not renewed, and not where the node's agent is not heard,
   * through which another agent's answers still come. Without lock-delay: who was stopped for a
   * while knows by the time that the lock is not its own any more, and Consul takes each status
   * only while it is.
   */
  private String create(Optional<String> node) throws ConsulException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Name", name);
    node.ifPresent(it -> body.put("Node", it));
    body.put("TTL", TTL.toSeconds() + "s");
    body.put("Behavior", "delete");
    body.put("LockDelay", "0s");
    body.put("NodeChecks", List.of());
    return calls.put("session/create", body, new TypeReference<Created>() {}).id();
  }

  /** A node that goes only with the data centre: one of its servers. */
  private Optional<String> server() throws ConsulException {
    List<Server> servers = calls.get("catalog/service/consul", new TypeReference<>() {});
    return servers.stream().map(Server::node).flatMap(Stream::ofNullable).sorted().findFirst();
  }

  /** Renews one; false where it is not there any more. */
  boolean renew(String id) throws ConsulException {
    try {
      String _ = calls.put("session/renew/" + id, Map.of(), "");
      return true;
    } catch (ConsulException e) {
      if (e.code() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Ends one: the keys that it holds go. */
  void destroy(String id) throws ConsulException {
    String _ = calls.put("session/destroy/" + id, Map.of(), "");
  }
}
