package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Duration;
import java.util.List;

/**
 * A response of either variant, decoded.
 *
 * @param version {@code version_info}, or {@code system_version_info} in delta
 * @param removed empty in the state of the world, which has no word for it
 */
record Received(
    ResourceType type,
    String version,
    String nonce,
    List<Resource> resources,
    List<String> removed) {
  static Received of(DiscoveryResponse response) {
    ResourceType type = type(response.getTypeUrl());
    return new Received(
        type,
        response.getVersionInfo(),
        response.getNonce(),
        response.getResourcesList().stream().map(any -> resource(type, any)).toList(),
        List.of());
  }

  static Received of(DeltaDiscoveryResponse response) {
    ResourceType type = type(response.getTypeUrl());
    return new Received(
        type,
        response.getSystemVersionInfo(),
        response.getNonce(),
        response.getResourcesList().stream().map(wrapper -> resource(type, wrapper)).toList(),
        List.copyOf(response.getRemovedResourcesList()));
  }

  /** The names of its resources, in their order. */
  List<String> names() {
    return resources.stream().map(Resource::name).toList();
  }

  private static ResourceType type(String url) {
    return ResourceType.ofTypeUrl(url).orElseThrow(() -> new AssertionError("type_url " + url));
  }

  /** What a wrapper without content says is the name alone. */
  private static Resource resource(
      ResourceType type, io.envoyproxy.envoy.service.discovery.v3.Resource wrapper) {
    if (!wrapper.hasResource()) {
      return Resource.unresolved(type, wrapper.getName());
    }
    Resource content = resource(type, wrapper.getResource());
    Resource resource =
        wrapper.hasTtl()
            ? content.withTtl(Duration.ofNanos(Durations.toNanos(wrapper.getTtl())))
            : content;
    assertThat(wrapper.getName()).isEqualTo(resource.name());
    assertThat(wrapper.getVersion()).isIn("", resource.version());
    return resource;
  }

  private static Resource resource(ResourceType type, Any any) {
    try {
      if (any.is(io.envoyproxy.envoy.service.discovery.v3.Resource.class)) {
        return resource(type, any.unpack(io.envoyproxy.envoy.service.discovery.v3.Resource.class));
      }
      assertThat(any.getTypeUrl()).isEqualTo(type.typeUrl());
      Message message = type.prototype().getParserForType().parseFrom(any.getValue());
      // Every type's first field is the name.
      Object name = message.getField(message.getDescriptorForType().findFieldByNumber(1));
      return Resource.of(type, name.toString(), message, Provenance.NONE);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
