package dev.sluice.server.csds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How requests for client statuses are answered, on the port that proxies connect to. */
class ClientStatusServiceTest extends ClientStatusTest {
  @Test
  void aStreamAnswersEachRequestAndEndsAtABadMatcher() throws Exception {
    var _ = new Proxy("one", "r1");
    await().until(() -> server.proxies().size() == 1);
    BlockingQueue<ClientStatusResponse> responses = new LinkedBlockingQueue<>();
    CompletableFuture<Status> end = new CompletableFuture<>();
    StreamObserver<ClientStatusRequest> stream =
        ClientStatusDiscoveryServiceGrpc.newStub(channel)
            .streamClientStatus(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ClientStatusResponse response) {
                    responses.add(response);
                  }

                  @Override
                  public void onError(Throwable cause) {
                    end.complete(Status.fromThrowable(cause));
                  }

                  @Override
                  public void onCompleted() {
                    end.complete(Status.OK);
                  }
                });
    for (int i = 0; i < 2; i++) {
      stream.onNext(ClientStatusRequest.getDefaultInstance());
      ClientStatusResponse response = responses.poll(10, TimeUnit.SECONDS);
      assertThat(response).isNotNull();
      assertThat(response.getConfig(0).getNode().getId()).isEqualTo("one");
    }
    stream.onNext(request("{nodeId: {}}"));
    assertThat(end.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void probesAreAnsweredWhileStatusesTakeTheirTime() throws Exception {
    hold = new CountDownLatch(1);
    try {
      for (int i = 0; i < 4; i++) {
        var _ =
            ClientStatusDiscoveryServiceGrpc.newFutureStub(channel)
                .fetchClientStatus(ClientStatusRequest.getDefaultInstance());
      }
      await().until(() -> asked.get() >= 2);
      HealthCheckResponse health =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(10, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance());
      assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.NOT_SERVING);
    } finally {
      hold.countDown();
    }
  }

  @Test
  void aClientThatDoesNotReadIsNotAnsweredFurther() throws Exception {
    Proxy proxy = new Proxy("one", "r1");
    publish(cluster("a", "x".repeat(1 << 20)));
    proxy.accept();
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.SYNCED);
    asked.set(0);
    int requests = 20;
    LazyClient client = new LazyClient();
    StreamObserver<ClientStatusRequest> stream =
        ClientStatusDiscoveryServiceGrpc.newStub(channel).streamClientStatus(client);
    for (int i = 0; i < requests; i++) {
      stream.onNext(ClientStatusRequest.getDefaultInstance());
    }
    await().until(() -> asked.get() > 0);
    await().during(Duration.ofMillis(500)).until(() -> asked.get() < requests);
    client.call.join().request(requests);
    await().until(() -> client.responses.get() == requests);
    stream.onCompleted();
    client.ended.get(10, TimeUnit.SECONDS);
  }

  /** A client that reads when the test says so. */
  private static final class LazyClient
      implements ClientResponseObserver<ClientStatusRequest, ClientStatusResponse> {
    final AtomicInteger responses = new AtomicInteger();
    final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    final CompletableFuture<ClientCallStreamObserver<ClientStatusRequest>> call =
        new CompletableFuture<>();

    @Override
    public void beforeStart(ClientCallStreamObserver<ClientStatusRequest> stream) {
      call.complete(stream);
      stream.disableAutoRequestWithInitial(0);
    }

    @Override
    public void onNext(ClientStatusResponse response) {
      responses.incrementAndGet();
    }

    @Override
    public void onError(Throwable cause) {
      ended.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      ended.complete(true);
    }
  }
}
