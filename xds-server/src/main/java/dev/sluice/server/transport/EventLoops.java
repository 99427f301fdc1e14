package dev.sluice.server.transport;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a server's connections: one for each core, and each connection is served by one of
 * them from its beginning to its end. They are a server's own, not gRPC's, so that it can be found
 * out which of them serves a connection.
 */
final class EventLoops implements AutoCloseable {
  /** How long connections that were closed have to say so. */
  private static final long QUIET_MILLIS = 200;

  private static final long AT_MOST_MILLIS = 2_000;

  private final Class<? extends ServerChannel> channel;
  private final EventLoopGroup accepting;
  private final EventLoopGroup serving;

  /** Threads that start when they are needed. */
  EventLoops() {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    channel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    accepting =
        new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("xds-accept", true), handlers);
    serving =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("xds-connections", true),
            handlers);
  }

  /** Has a server use them. */
  void serve(NettyServerBuilder server) {
    server.channelType(channel).bossEventLoopGroup(accepting).workerEventLoopGroup(serving);
  }

  /** The one that is running this; on any other thread what runs a task at once. */
  Executor current() {
    for (EventExecutor loop : serving) {
      if (loop.inEventLoop()) {
        return loop;
      }
    }
    return Runnable::run;
  }

  /** Ends them when the last connection is served. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for threads that are daemons.
  public void close() {
    accepting.shutdownGracefully(QUIET_MILLIS, AT_MOST_MILLIS, TimeUnit.MILLISECONDS);
    serving.shutdownGracefully(QUIET_MILLIS, AT_MOST_MILLIS, TimeUnit.MILLISECONDS);
  }
}
