package dev.sluice.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.pem.PemTls;
import dev.sluice.server.settings.AdminAccess;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.WebhookSettings;
import dev.sluice.server.transport.TestAuthority;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TransportSettings;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server with all that it can have, TLS on every port, and a proxy that accepts all. */
final class MeasuredServer implements AutoCloseable {
  private static final String CLUSTERS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
  private static final String ORDERS =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80, protocol: http}]
        endpoints: [{address: 10.0.0.1, port: 8080}, {address: 10.0.0.2, port: 8080}]
      """;

  private final ControlPlane server;
  private final TestAuthority authority;
  private final HttpClient client;
  private @Nullable ManagedChannel channel;

  private MeasuredServer(ControlPlane server, TestAuthority authority) throws IOException {
    this.server = server;
    this.authority = authority;
    this.client =
        HttpClient.newBuilder().sslContext(PemTls.context(authority.root(), null, null)).build();
  }

  static MeasuredServer start(Path folder) throws IOException {
    return start(folder, settings -> settings);
  }

  static MeasuredServer start(Path folder, UnaryOperator<ServerSettings> more) throws IOException {
    Path documents = Files.createDirectory(folder.resolve("documents"));
    Files.writeString(documents.resolve("orders.yaml"), ORDERS);
    TestAuthority authority = TestAuthority.create(folder, "ca");
    TlsFiles issued = authority.issue("server", "ip:127.0.0.1");
    TlsFiles files = new TlsFiles(issued.cert(), issued.key(), null);
    HostPort any = new HostPort("127.0.0.1", 0);
    ControlPlane server =
        SluiceServer.start(
            more.apply(
                ServerSettings.of(List.of(documents), any, any)
                    .withTransport(TransportSettings.DEFAULT.withTls(files))
                    .withAdmin(any, new AdminAccess(files, List.of()))
                    .withWebhook(new WebhookSettings(any, files))));
    return new MeasuredServer(server, authority);
  }

  /** Returns once it has accepted all its clusters. */
  void connectAProxyThatAcceptsAll() throws Exception {
    channel =
        NettyChannelBuilder.forAddress(server.xdsAddress())
            .sslContext(GrpcSslContexts.forClient().trustManager(authority.root().toFile()).build())
            .build();
    CompletableFuture<StreamObserver<DeltaDiscoveryRequest>> stream = new CompletableFuture<>();
    stream.complete(
        AggregatedDiscoveryServiceGrpc.newStub(channel)
            .deltaAggregatedResources(
                new StreamObserver<>() {
                  @Override
                  public void onNext(DeltaDiscoveryResponse response) {
                    stream
                        .join()
                        .onNext(
                            DeltaDiscoveryRequest.newBuilder()
                                .setTypeUrl(response.getTypeUrl())
                                .setResponseNonce(response.getNonce())
                                .build());
                  }

                  @Override
                  public void onError(Throwable cause) {}

                  @Override
                  public void onCompleted() {}
                }));
    stream
        .join()
        .onNext(DeltaDiscoveryRequest.newBuilder().setNode(node()).setTypeUrl(CLUSTERS).build());
    await().until(() -> metrics().contains("sluice_xds_acks_total{type=\"CDS\"} 1.0"));
  }

  private static Node node() {
    Struct sluice =
        Struct.newBuilder()
            .putFields("role", Value.newBuilder().setStringValue("sidecar").build())
            .putFields("namespace", Value.newBuilder().setStringValue("shop").build())
            .build();
    return Node.newBuilder()
        .setId("web-1")
        .setCluster("web")
        .setMetadata(
            Struct.newBuilder()
                .putFields("sluice", Value.newBuilder().setStructValue(sluice).build()))
        .build();
  }

  /** The metrics after the second scrape, so that the first one is counted in it. */
  String metrics() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(at(server.adminAddress(), "/metrics")).build();
    var _ = client.send(request, BodyHandlers.ofString());
    String text = client.send(request, BodyHandlers.ofString()).body();
    assertThat(text).isNotEmpty();
    return text;
  }

  private static URI at(InetSocketAddress address, String path) {
    return URI.create("https://127.0.0.1:" + address.getPort() + path);
  }

  @Override
  public void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
    client.close();
    server.close();
  }
}
