package dev.sluice.e2e;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An authorization service: requests of {@code x-user: alice} pass, others get 401. It can be told
 * to answer nothing.
 */
public final class AuthzService implements AutoCloseable {
  private final Server server;
  private final AtomicInteger checks = new AtomicInteger();
  private volatile boolean silent;

  private AuthzService() {
    server = GrpcServer.start(new Checks());
  }

  /** Starts one that answers. */
  public static AuthzService start() {
    return new AuthzService();
  }

  public int port() {
    return server.getPort();
  }

  /** How many requests it was asked about. */
  public int checks() {
    return checks.get();
  }

  /** Answers nothing from now on. */
  public void beSilent() {
    silent = true;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Checks extends AuthorizationGrpc.AuthorizationImplBase {
    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> answer) {
      checks.incrementAndGet();
      if (silent) {
        return;
      }
      String user =
          request.getAttributes().getRequest().getHttp().getHeadersOrDefault("x-user", "");
      answer.onNext(user.equals("alice") ? passed() : denied());
      answer.onCompleted();
    }

    private static CheckResponse passed() {
      return CheckResponse.newBuilder()
          .setStatus(Status.newBuilder().setCode(Code.OK_VALUE))
          .build();
    }

    private static CheckResponse denied() {
      return CheckResponse.newBuilder()
          .setStatus(Status.newBuilder().setCode(Code.UNAUTHENTICATED_VALUE))
          .setDeniedResponse(
              DeniedHttpResponse.newBuilder()
                  .setStatus(HttpStatus.newBuilder().setCode(StatusCode.Unauthorized))
                  .setBody("who are you?"))
          .build();
    }
  }
}
