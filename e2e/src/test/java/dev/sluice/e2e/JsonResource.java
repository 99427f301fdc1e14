package dev.sluice.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.translate.PackedTypes;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;

/** Resources that no document gives, written in protobuf's JSON. */
final class JsonResource {
  private static final JsonFormat.TypeRegistry TYPES =
      JsonFormat.TypeRegistry.newBuilder()
          .add(PackedTypes.ALL)
          .add(OnDemand.getDescriptor())
          .build();

  private JsonResource() {}

  static Resource of(ResourceType type, String name, String json) {
    return of(type, name, json, Provenance.NONE);
  }

  static Resource of(ResourceType type, String name, String json, Provenance provenance) {
    Message.Builder message = type.prototype().newBuilderForType();
    try {
      JsonFormat.parser().usingTypeRegistry(TYPES).merge(json, message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(json, e);
    }
    return Resource.of(type, name, message.build(), provenance);
  }
}
