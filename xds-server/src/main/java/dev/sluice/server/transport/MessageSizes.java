package dev.sluice.server.transport;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/** Hears of requests that gRPC itself refuses, as too large, before any service sees them. */
final class MessageSizes extends ServerStreamTracer {
  private static final String TOO_LARGE = "exceeds maximum size";

  private final RefusalLog log;

  private MessageSizes(RefusalLog log) {
    this.log = log;
  }

  /** One for all streams: it keeps nothing. */
  static ServerStreamTracer.Factory factory(RefusalLog log) {
    MessageSizes tracer = new MessageSizes(log);
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return tracer;
      }
    };
  }

  @Override
  public void streamClosed(Status status) {
    String message = String.valueOf(status.getDescription());
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED && message.contains(TOO_LARGE)) {
      log.refused(Refusal.MESSAGE_SIZE, "A stream", message + " (xds.limits.message)");
    }
  }
}
