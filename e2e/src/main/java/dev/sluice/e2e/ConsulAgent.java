package dev.sluice.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** The agent that a real Consul server also is: it looks after instances, and tells the catalog. */
public final class ConsulAgent {
  private final ConsulApi api;

  ConsulAgent(ConsulApi api) {
    this.api = api;
  }

  /** Registers an instance, of which it has to hear before each time to live ends. */
  public void register(ConsulInstance instance, Duration timeToLive) {
    ObjectNode body = instance.json("Name");
    body.putObject("Check")
        .put("CheckID", instance.check())
        .put("TTL", timeToLive.toMillis() + "ms")
        .put("Status", instance.status().json());
    api.put("/v1/agent/service/register", body.toString());
  }

  /** Tells how an instance is. */
  public void setStatus(ConsulInstance instance, ConsulStatus status) {
    api.put("/v1/agent/check/" + status.verb() + "/" + instance.check(), "");
  }

  /** Removes an instance. */
  public void deregister(ConsulInstance instance) {
    api.put("/v1/agent/service/deregister/" + instance.id(), "");
  }

  /** Puts its node, and with it all its instances, into maintenance. */
  public void startMaintenance() {
    api.put("/v1/agent/maintenance?enable=true", "");
  }

  /** Ends the maintenance of its node. */
  public void endMaintenance() {
    api.put("/v1/agent/maintenance?enable=false", "");
  }

  /** Puts one instance into maintenance. */
  public void startMaintenance(ConsulInstance instance) {
    api.put("/v1/agent/service/maintenance/" + instance.id() + "?enable=true", "");
  }

  /** Ends the maintenance of one instance. */
  public void endMaintenance(ConsulInstance instance) {
    api.put("/v1/agent/service/maintenance/" + instance.id() + "?enable=false", "");
  }
}
