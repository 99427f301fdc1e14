package dev.sluice.server.bootstrap;

import dev.sluice.node.NodeGroup;
import java.util.Objects;

/**
 * Who a proxy is: its group, and what is its own.
 *
 * @param id unique among all proxies ({@code node.id})
 * @param group what decides its view; written to {@code node.cluster}, {@code node.locality} and
 *     {@code node.metadata.sluice}
 */
public record ProxyNode(String id, NodeGroup group) {
  public ProxyNode {
    Objects.requireNonNull(id);
    Objects.requireNonNull(group);
  }
}
