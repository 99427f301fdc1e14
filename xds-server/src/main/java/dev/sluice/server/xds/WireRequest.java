package dev.sluice.server.xds;

import com.google.protobuf.ByteString;
import dev.sluice.server.transport.NamedRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code DiscoveryRequest} or {@code DeltaDiscoveryRequest} as it came, without what is not
 * looked at.
 *
 * @param node {@code node}, encoded: only a stream's first is read
 * @param typeUrl {@code type_url}
 * @param version {@code version_info}; empty in delta, which has none
 * @param nonce {@code response_nonce}
 * @param names {@code resource_names} or {@code resource_names_subscribe}
 * @param unsubscribe {@code resource_names_unsubscribe}
 * @param initial {@code initial_resource_versions}
 * @param error the message of {@code error_detail}
 */
record WireRequest(
    Optional<ByteString> node,
    String typeUrl,
    String version,
    String nonce,
    List<String> names,
    List<String> unsubscribe,
    Map<String, String> initial,
    Optional<String> error)
    implements NamedRequest {
  WireRequest {
    names = List.copyOf(names);
    unsubscribe = List.copyOf(unsubscribe);
    initial = Map.copyOf(initial);
  }

  @Override
  public int nameCount() {
    return names.size() + unsubscribe.size() + initial.size();
  }
}
