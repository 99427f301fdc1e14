package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Content that a proxy refused, so that it is not given to those who have not got it.
 *
 * @param group the proxies that it is meant for
 * @param type the resource's type
 * @param name the resource's name
 * @param virtualHost the one virtual host of a RouteConfiguration that it is; empty for all of the
 *     resource
 * @param documents the documents that it comes from, with their places
 * @param proxy the id of the node that refused it
 * @param message its words
 * @param since when it refused
 */
public record Quarantined(
    NodeGroup group,
    ResourceType type,
    String name,
    Optional<String> virtualHost,
    List<String> documents,
    String proxy,
    String message,
    Instant since) {
  public Quarantined {
    documents = List.copyOf(documents);
  }

  static Quarantined of(NodeGroup group, Suspect suspect, Quarantine.Refusal refusal) {
    Optional<String> host =
        switch (suspect) {
          case Suspect.Whole whole -> Optional.empty();
          case Suspect.Host part -> Optional.of(part.refused().getName());
        };
    return new Quarantined(
        group,
        suspect.type(),
        suspect.name(),
        host,
        suspect.documents(),
        refusal.proxy(),
        refusal.message(),
        refusal.at());
  }
}
