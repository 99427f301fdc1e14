package dev.sluice.server.xds;

import com.google.protobuf.ByteString;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What is known of one connected proxy at one moment.
 *
 * @param id {@code node.id}
 * @param group what decides its view
 * @param userAgent name and version, as the proxy says them
 * @param node the encoded {@code envoy.config.core.v3.Node}: id, cluster, metadata, locality and
 *     software
 * @param variant the variant of its stream
 * @param connectedSince when the stream's first request came
 * @param served all that the proxies of its group are to have, or it alone for the time being
 * @param types what it subscribed to
 */
public record NodeStatus(
    String id,
    NodeGroup group,
    String userAgent,
    ByteString node,
    Variant variant,
    Instant connectedSince,
    Snapshot served,
    Map<ResourceType, TypeStatus> types) {
  public NodeStatus {
    EnumMap<ResourceType, TypeStatus> copy = new EnumMap<>(ResourceType.class);
    copy.putAll(types);
    types = Collections.unmodifiableMap(copy);
  }

  /**
   * One subscription.
   *
   * @param names the subscribed names, {@code *} for all; shared by all that subscribe to the same
   * @param sentVersion version of the newest response on this stream; empty before the first
   * @param ackedVersion version of the newest accepted response; empty before the first
   * @param sync how far the proxy is
   * @param lastNack the newest refusal on this stream, also after it was mended
   * @param resources what was sent, by name; shared by all that were sent the same, so not copied
   * @param waitsFor what holds back the next response or a removal, for people to read; empty when
   *     nothing does
   * @param behindSince since when it is not synced; empty while it is
   */
  public record TypeStatus(
      SortedSet<String> names,
      String sentVersion,
      String ackedVersion,
      Sync sync,
      Optional<Nack> lastNack,
      SortedMap<String, ResourceVersions> resources,
      String waitsFor,
      Optional<Instant> behindSince) {
    public TypeStatus {
      names = Collections.unmodifiableSortedSet(names);
      resources = Collections.unmodifiableSortedMap(resources);
    }
  }

  /** How far a proxy is with one type. */
  public enum Sync {
    /** It uses all that it is to have. */
    SYNCED,
    /** Something was sent and not answered, or is to be sent. */
    WAITING,
    /** It refused something, and uses what it had before. */
    REFUSED
  }

  /**
   * A refusal.
   *
   * @param message the proxy's words
   * @param version version of the refused response
   * @param names the resources that the message names, or all that the response changed
   * @param documents what the refused resources of these names come from, with their places
   * @param at when it came
   */
  public record Nack(
      String message, String version, List<String> names, List<String> documents, Instant at) {
    public Nack {
      names = List.copyOf(names);
      documents = List.copyOf(documents);
    }
  }
}
