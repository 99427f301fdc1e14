package dev.sluice.e2e;

/**
 * The loopback ports of one Consul server, which it keeps when it is started again.
 *
 * @param http of its API
 * @param server of Raft, and of what servers ask each other
 * @param serfLan of the gossip within its data centre
 * @param serfWan of the gossip between data centres
 */
record ConsulPorts(int http, int server, int serfLan, int serfWan) {
  /** Ports that the system gives. */
  static ConsulPorts free() {
    return new ConsulPorts(Ports.free(), Ports.free(), Ports.free(), Ports.free());
  }
}
