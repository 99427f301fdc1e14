package dev.sluice.server.csds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.transport.Peer;
import dev.sluice.server.xds.NodeStatus;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc.ClientStatusDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * {@code envoy.service.status.v3.ClientStatusDiscoveryService}: answers what each connected proxy
 * was sent and acknowledged, of those that the client may claim to be. On a stream each request is
 * answered once, and the next one is read when the client has taken the answer.
 */
public final class ClientStatusService extends ClientStatusDiscoveryServiceImplBase {
  private final Supplier<List<NodeStatus>> proxies;
  private final Function<NodeGroup, Optional<Snapshot>> snapshots;
  private final Supplier<List<Revision>> revisions;

  /**
   * A service about {@code proxies}.
   *
   * @param proxies every connected proxy
   * @param snapshots what the proxies of a group are to have
   * @param revisions the last publications, the newest last
   */
  public ClientStatusService(
      Supplier<List<NodeStatus>> proxies,
      Function<NodeGroup, Optional<Snapshot>> snapshots,
      Supplier<List<Revision>> revisions) {
    this.proxies = proxies;
    this.snapshots = snapshots;
    this.revisions = revisions;
  }

  @Override
  public StreamObserver<ClientStatusRequest> streamClientStatus(
      StreamObserver<ClientStatusResponse> client) {
    // gRPC documents that a server's response observer is of this class.
    Stream stream = new Stream((ServerCallStreamObserver<ClientStatusResponse>) client);
    stream.client.disableAutoRequest();
    stream.client.setOnReadyHandler(stream::readOn);
    return stream;
  }

  /** One client's stream; gRPC calls it on one thread at a time. */
  private final class Stream implements StreamObserver<ClientStatusRequest> {
    private final ServerCallStreamObserver<ClientStatusResponse> client;
    private boolean reading;
    private boolean ended;

    Stream(ServerCallStreamObserver<ClientStatusResponse> client) {
      this.client = client;
    }

    void readOn() {
      if (!ended && !reading && client.isReady()) {
        reading = true;
        client.request(1);
      }
    }

    @Override
    public void onNext(ClientStatusRequest request) {
      if (ended) {
        return;
      }
      reading = false;
      try {
        client.onNext(answer(request));
        readOn();
      } catch (UnusableMatcherException e) {
        ended = true;
        client.onError(refusal(e));
      }
    }

    @Override
    public void onError(Throwable cause) {
      ended = true;
    }

    @Override
    public void onCompleted() {
      if (!ended) {
        ended = true;
        client.onCompleted();
      }
    }
  }

  @Override
  public void fetchClientStatus(
      ClientStatusRequest request, StreamObserver<ClientStatusResponse> client) {
    try {
      client.onNext(answer(request));
      client.onCompleted();
    } catch (UnusableMatcherException e) {
      client.onError(refusal(e));
    }
  }

  private static RuntimeException refusal(UnusableMatcherException problem) {
    return Status.INVALID_ARGUMENT.withDescription(problem.getMessage()).asRuntimeException();
  }

  private ClientStatusResponse answer(ClientStatusRequest request) throws UnusableMatcherException {
    Predicate<Node> matches = NodeMatches.anyOf(request.getNodeMatchersList());
    List<Revision> published = revisions.get();
    Peer client = Peer.current();
    ClientStatusResponse.Builder response = ClientStatusResponse.newBuilder();
    for (NodeStatus status : proxies.get()) {
      Node node = node(status);
      if (client.mayBe(status.id(), status.group()) && matches.test(node)) {
        Snapshot snapshot = snapshots.apply(status.group()).orElse(Snapshot.EMPTY);
        response.addConfig(
            new ClientConfigs(
                    node, status, snapshot, published, !request.getExcludeResourceContents())
                .build());
      }
    }
    return response.build();
  }

  private static Node node(NodeStatus status) {
    try {
      return Node.parseFrom(status.node());
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException("bytes encoded here do not decode", e);
    }
  }
}
