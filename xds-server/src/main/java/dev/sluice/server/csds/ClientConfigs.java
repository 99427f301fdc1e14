package dev.sluice.server.csds;

import com.google.protobuf.Timestamp;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One proxy's resources as the client status protocol tells them.
 *
 * <p>{@code version_info} and {@code xds_config} are of what the proxy uses. The server keeps no
 * old content: of a resource that has changed since, {@code xds_config} is left out, as it is of
 * secrets always. {@code last_updated} is when the resource last changed for the proxy, as far as
 * the last publications tell, or when the proxy connected.
 */
final class ClientConfigs {
  private final Node node;
  private final NodeStatus status;
  private final Snapshot snapshot;
  private final List<Revision> revisions;
  private final boolean contents;

  /**
   * The resources of one proxy.
   *
   * @param node who it is
   * @param status what it was sent and acknowledged
   * @param snapshot what it is to have
   * @param revisions the last publications, the newest last
   * @param contents whether the resources' contents are told too
   */
  ClientConfigs(
      Node node, NodeStatus status, Snapshot snapshot, List<Revision> revisions, boolean contents) {
    this.node = node;
    this.status = status;
    this.snapshot = snapshot;
    this.revisions = revisions;
    this.contents = contents;
  }

  ClientConfig build() {
    ClientConfig.Builder config = ClientConfig.newBuilder().setNode(node);
    status
        .types()
        .forEach(
            (type, subscription) -> {
              for (String name : names(type, subscription)) {
                config.addGenericXdsConfigs(resource(type, subscription, name));
              }
            });
    return config.build();
  }

  private SortedSet<String> names(ResourceType type, NodeStatus.TypeStatus subscription) {
    TreeSet<String> names = new TreeSet<>(subscription.names());
    names.addAll(subscription.resources().keySet());
    if (names.remove("*")) {
      names.addAll(snapshot.resources(type).keySet());
    }
    return names;
  }

  private GenericXdsConfig resource(
      ResourceType type, NodeStatus.TypeStatus subscription, String name) {
    Optional<Resource> wanted = snapshot.resource(type, name);
    ResourceVersions versions = subscription.resources().get(name);
    GenericXdsConfig.Builder config =
        GenericXdsConfig.newBuilder().setTypeUrl(type.typeUrl()).setName(name);
    if (versions == null) {
      return config
          .setConfigStatus(ConfigStatus.NOT_SENT)
          .setClientStatus(
              wanted.isPresent()
                  ? ClientResourceStatus.REQUESTED
                  : ClientResourceStatus.DOES_NOT_EXIST)
          .build();
    }
    String used = versions.acknowledged();
    config.setVersionInfo(used);
    wanted
        .filter(resource -> tellsContent(type) && resource.version().equals(used))
        .ifPresent(resource -> config.setXdsConfig(resource.packed()));
    config.setLastUpdated(timestamp(updated(type, name)));
    Optional<NodeStatus.Nack> refusal = refusal(type, subscription, name, wanted);
    if (refusal.isPresent()) {
      boolean withdrawn = versions.sent().equals(used);
      String refused = withdrawn ? wanted.map(Resource::version).orElse("") : versions.sent();
      return config
          .setConfigStatus(ConfigStatus.ERROR)
          .setClientStatus(ClientResourceStatus.NACKED)
          .setErrorState(error(type, refusal.get(), refused, wanted))
          .build();
    }
    // A cluster without instances has an assignment that is in no snapshot.
    String newestVersion =
        wanted.map(Resource::version).orElse(snapshot.usesAssignment(name) ? versions.sent() : "");
    boolean newest = !used.isEmpty() && used.equals(newestVersion);
    return config
        .setConfigStatus(newest ? ConfigStatus.SYNCED : ConfigStatus.STALE)
        .setClientStatus(
            used.isEmpty() ? ClientResourceStatus.REQUESTED : ClientResourceStatus.ACKED)
        .build();
  }

  /** The refusal because of which the proxy does not use what is meant for it. */
  private Optional<NodeStatus.Nack> refusal(
      ResourceType type,
      NodeStatus.TypeStatus subscription,
      String name,
      Optional<Resource> wanted) {
    ResourceVersions versions = Objects.requireNonNull(subscription.resources().get(name));
    String used = versions.acknowledged();
    boolean behind = !wanted.map(Resource::version).equals(Optional.of(used));
    boolean sentAndNotUsed = !versions.sent().equals(used);
    // What was refused may have been withdrawn since; a newer publication was not refused yet.
    return subscription
        .lastNack()
        .filter(nack -> nack.names().contains(name))
        .filter(nack -> sentAndNotUsed || (behind && !updated(type, name).isAfter(nack.at())));
  }

  private UpdateFailureState error(
      ResourceType type, NodeStatus.Nack refusal, String refused, Optional<Resource> wanted) {
    UpdateFailureState.Builder error =
        UpdateFailureState.newBuilder()
            .setDetails(refusal.message())
            .setVersionInfo(refused)
            .setLastUpdateAttempt(timestamp(refusal.at()));
    wanted
        .filter(resource -> tellsContent(type) && resource.version().equals(refused))
        .ifPresent(resource -> error.setFailedConfiguration(resource.packed()));
    return error.build();
  }

  /** Private keys are for the proxy that needs them, not for whoever asks. */
  private boolean tellsContent(ResourceType type) {
    return contents && type != ResourceType.SECRET;
  }

  private Instant updated(ResourceType type, String name) {
    for (Revision revision : revisions.reversed()) {
      if (revision.at().isBefore(status.connectedSince())) {
        break;
      }
      Revision.Summary summary = revision.groups().get(status.group());
      Revision.Counts counts = summary == null ? null : summary.types().get(type);
      // A long list of names is cut off; what is not told may have been in it.
      if (counts != null
          && (counts.names().contains(name)
              || counts.names().size() < counts.changed() + counts.removed())) {
        return revision.at();
      }
    }
    return status.connectedSince();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
