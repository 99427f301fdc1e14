package dev.sluice.server.xds;

import static dev.sluice.server.xds.Fixtures.cluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Reflection as grpcurl uses it: no class of the protocol but what the server tells. */
class ReflectionTest extends ServerTest {
  private final Map<String, FileDescriptor> files = new HashMap<>();
  private final Map<String, FileDescriptorProto> told = new HashMap<>();

  private static final class Answers<R> implements StreamObserver<R> {
    final BlockingQueue<R> queue = new LinkedBlockingQueue<>();

    @Override
    public void onNext(R answer) {
      queue.add(answer);
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}

    R next() throws InterruptedException {
      R answer = queue.poll(10, TimeUnit.SECONDS);
      assertThat(answer).isNotNull();
      return answer;
    }
  }

  private ServerReflectionResponse ask(ServerReflectionRequest.Builder question) throws Exception {
    Answers<ServerReflectionResponse> answers = new Answers<>();
    var stream = ServerReflectionGrpc.newStub(channel).serverReflectionInfo(answers);
    stream.onNext(question.build());
    stream.onCompleted();
    return answers.next();
  }

  private FileDescriptor fileOf(String symbol) throws Exception {
    ServerReflectionResponse answer =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol));
    assertThat(answer.hasFileDescriptorResponse()).as(symbol + ": " + answer).isTrue();
    return build(take(answer));
  }

  private FileDescriptorProto take(ServerReflectionResponse answer) throws Exception {
    List<ByteString> protos = answer.getFileDescriptorResponse().getFileDescriptorProtoList();
    for (ByteString proto : protos) {
      FileDescriptorProto file = FileDescriptorProto.parseFrom(proto);
      told.put(file.getName(), file);
    }
    return FileDescriptorProto.parseFrom(protos.getFirst());
  }

  private FileDescriptor build(FileDescriptorProto proto) throws Exception {
    FileDescriptor known = files.get(proto.getName());
    if (known != null) {
      return known;
    }
    FileDescriptor[] imports = new FileDescriptor[proto.getDependencyCount()];
    for (int i = 0; i < imports.length; i++) {
      String name = proto.getDependency(i);
      FileDescriptorProto imported = told.get(name);
      imports[i] =
          build(
              imported != null
                  ? imported
                  : take(ask(ServerReflectionRequest.newBuilder().setFileByFilename(name))));
    }
    FileDescriptor file = FileDescriptor.buildFrom(proto, imports);
    files.put(proto.getName(), file);
    return file;
  }

  private List<String> listed() throws Exception {
    return ask(ServerReflectionRequest.newBuilder().setListServices(""))
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  @Test
  void everyServiceIsListedAndItsSchemaIsComplete() throws Exception {
    List<String> services = listed();
    assertThat(services)
        .contains(
            "envoy.service.discovery.v3.AggregatedDiscoveryService",
            "envoy.service.cluster.v3.ClusterDiscoveryService",
            "envoy.service.endpoint.v3.EndpointDiscoveryService",
            "envoy.service.listener.v3.ListenerDiscoveryService",
            "envoy.service.route.v3.RouteDiscoveryService",
            "envoy.service.route.v3.ScopedRoutesDiscoveryService",
            "envoy.service.route.v3.VirtualHostDiscoveryService",
            "envoy.service.secret.v3.SecretDiscoveryService",
            "envoy.service.runtime.v3.RuntimeDiscoveryService",
            "envoy.service.extension.v3.ExtensionConfigDiscoveryService",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");
    for (String service : services) {
      String name = service.substring(service.lastIndexOf('.') + 1);
      assertThat(fileOf(service).findServiceByName(name)).as(service).isNotNull();
    }
  }

  @Test
  void aResponseIsShownInFullThroughWhatReflectionTells() throws Exception {
    Descriptor request =
        fileOf("envoy.service.discovery.v3.DiscoveryRequest")
            .findMessageTypeByName("DiscoveryRequest");
    Descriptor response =
        fileOf("envoy.service.discovery.v3.DiscoveryResponse")
            .findMessageTypeByName("DiscoveryResponse");
    Descriptor cluster = fileOf("envoy.config.cluster.v3.Cluster").findMessageTypeByName("Cluster");
    MethodDescriptor<DynamicMessage, DynamicMessage> method =
        MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(
                "envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources")
            .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(request)))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(response)))
            .build();
    DynamicMessage.Builder subscription = DynamicMessage.newBuilder(request);
    JsonFormat.parser()
        .merge(
            """
            {"node": {"id": "one", "cluster": "web.shop"},
             "typeUrl": "type.googleapis.com/envoy.config.cluster.v3.Cluster"}
            """,
            subscription);
    Answers<DynamicMessage> answers = new Answers<>();
    ClientCalls.asyncBidiStreamingCall(channel.newCall(method, CallOptions.DEFAULT), answers)
        .onNext(subscription.build());
    await().until(() -> store.groups().size() == 1);
    store.publish(
        "test",
        Instant.EPOCH,
        Map.of(
            store.groups().iterator().next(),
            SnapshotDiff.between(Snapshot.EMPTY, Snapshot.of(List.of(cluster("orders", "1"))))));

    TypeRegistry types = TypeRegistry.newBuilder().add(cluster).build();
    assertThat(JsonFormat.printer().usingTypeRegistry(types).print(answers.next()))
        .contains("\"altStatName\": \"1\"");
  }

  @Test
  void theTypesInsideResourcesAreToldToo() throws Exception {
    for (String type :
        List.of(
            "envoy.config.listener.v3.Listener",
            "envoy.config.route.v3.RouteConfiguration",
            "envoy.config.endpoint.v3.ClusterLoadAssignment",
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "envoy.extensions.filters.http.router.v3.Router",
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions")) {
      String name = type.substring(type.lastIndexOf('.') + 1);
      assertThat(fileOf(type).findMessageTypeByName(name)).as(type).isNotNull();
    }
  }
}
