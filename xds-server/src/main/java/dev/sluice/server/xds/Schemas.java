package dev.sluice.server.xds;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The schema of the aggregated service as reflection tells it. Responses hold their resources as
 * {@code Any}, so no service's own schema leads to the resources' types; a tool such as grpcurl
 * could not show them.
 */
final class Schemas implements ProtoServiceDescriptorSupplier {
  /** What resources are, and what is in their own {@code Any} fields. */
  private static final List<Message> IN_RESPONSES =
      Stream.concat(
              Arrays.stream(ResourceType.values()).map(ResourceType::prototype),
              Stream.of(
                  HttpConnectionManager.getDefaultInstance(),
                  Router.getDefaultInstance(),
                  Buffer.getDefaultInstance(),
                  HTTPFault.getDefaultInstance(),
                  LocalRateLimit.getDefaultInstance(),
                  HttpProtocolOptions.getDefaultInstance(),
                  PreviousHostsPredicate.getDefaultInstance()))
          .toList();

  private final FileDescriptor file;
  private final String service;

  private Schemas(FileDescriptor file, String service) {
    this.file = file;
    this.service = service;
  }

  /** The schema {@code generated}, whose file also imports what responses hold. */
  static Schemas withResources(ProtoServiceDescriptorSupplier generated) {
    FileDescriptor original = generated.getFileDescriptor();
    Map<String, FileDescriptor> imports = new LinkedHashMap<>();
    original.getDependencies().forEach(imported -> imports.put(imported.getName(), imported));
    FileDescriptorProto.Builder proto = original.toProto().toBuilder();
    for (Message message : IN_RESPONSES) {
      FileDescriptor imported = message.getDescriptorForType().getFile();
      if (imports.put(imported.getName(), imported) == null) {
        proto.addDependency(imported.getName());
      }
    }
    try {
      FileDescriptor file =
          FileDescriptor.buildFrom(proto.build(), imports.values().toArray(FileDescriptor[]::new));
      return new Schemas(file, generated.getServiceDescriptor().getName());
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("an import too many cannot make a schema wrong", e);
    }
  }

  @Override
  public FileDescriptor getFileDescriptor() {
    return file;
  }

  @Override
  public ServiceDescriptor getServiceDescriptor() {
    return file.findServiceByName(service);
  }
}
