package dev.sluice.server.transport;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that the server itself can end, whatever its service does meanwhile: what the service
 * still sends is dropped then. The service learns of the end as of a client's.
 */
final class OpenCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private boolean closed; // Guarded by this, as is whatever is sent.

  OpenCall(ServerCall<Q, R> call) {
    super(call);
  }

  /** Ends the call; one that has ended stays as it is. */
  void end(Status status) {
    close(status, new Metadata());
  }

  @Override
  public synchronized void sendHeaders(Metadata headers) {
    if (!closed) {
      super.sendHeaders(headers);
    }
  }

  @Override
  public synchronized void sendMessage(R message) {
    if (!closed) {
      super.sendMessage(message);
    }
  }

  @Override
  public synchronized void close(Status status, Metadata trailers) {
    if (!closed) {
      closed = true;
      super.close(status, trailers);
    }
  }
}
