package dev.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a real Consul is told at its start.
 *
 * @param datacenter its name
 * @param managementToken of the user who may do everything; with one, ACLs are on and all that no
 *     token allows is denied
 * @param maxConnectionsPerClient that the HTTP API takes from one address; Consul's own default (of
 *     200) where there is none
 * @param wanPorts of servers of other data centres, which this one joins
 * @param more of its configuration file, in JSON, over what else is in it
 */
public record ConsulOptions(
    String datacenter,
    Optional<String> managementToken,
    OptionalInt maxConnectionsPerClient,
    List<Integer> wanPorts,
    String more) {
  public ConsulOptions {
    wanPorts = List.copyOf(wanPorts);
  }

  /** A data centre by itself, without ACLs. */
  public static ConsulOptions of(String datacenter) {
    return new ConsulOptions(datacenter, Optional.empty(), OptionalInt.empty(), List.of(), "{}");
  }

  /** The same with ACLs, and a token (a UUID) of the user who may do everything. */
  public ConsulOptions withAcls(String token) {
    return new ConsulOptions(
        datacenter, Optional.of(token), maxConnectionsPerClient, wanPorts, more);
  }

  /** The same with a limit of connections that one address may have. */
  public ConsulOptions withMaxConnectionsPerClient(int connections) {
    return new ConsulOptions(
        datacenter, managementToken, OptionalInt.of(connections), wanPorts, more);
  }

  /** The same, federated with the data centre of a server. */
  public ConsulOptions federatedWith(ConsulServer other) {
    List<Integer> all = new ArrayList<>(wanPorts);
    all.add(other.ports().serfWan());
    return new ConsulOptions(datacenter, managementToken, maxConnectionsPerClient, all, more);
  }

  /** The same with more in its configuration file, in JSON. */
  public ConsulOptions with(String json) {
    return new ConsulOptions(datacenter, managementToken, maxConnectionsPerClient, wanPorts, json);
  }
}
