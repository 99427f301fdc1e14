package dev.sluice.bench.load;

import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All simulated proxies, on one event loop, which alone touches their state. The methods that
 * commands call wait for it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Each outcome is told to a listener or not needed.
final class ProxyFleet implements AutoCloseable {
  /** How many connections are made from one loopback address, of whose ports there are 28,000. */
  private static final int PER_ADDRESS = 5_000;

  private static final long LIMIT_SECONDS = 300;

  private final Workload workload;
  private final int window;
  private final Optional<SslContext> tls;
  private final XdsMessages messages;
  private final ResponseScan scan;
  private final EventLoopGroup group;
  private final EventLoop loop;
  private final GrpcConnection[] connections;
  private final Channel[] channels;
  private final long[] arrivals;
  private final int[] responses;
  private Held held = new Held();
  private CompletableFuture<Long> awaited = new CompletableFuture<>();
  private boolean isReturning;
  private int port;
  private int started;
  private int done;
  private int expected = Integer.MAX_VALUE;
  private int arrived;
  private long bytes;
  private long messagesReceived;
  private long lastReceived;
  private boolean isStopping;

  ProxyFleet(Workload workload, int window, Transport transport) {
    this.workload = workload;
    this.window = window;
    this.tls = transport.client();
    this.messages = new XdsMessages(workload.variant());
    this.scan = new ResponseScan(workload.variant());
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    this.loop = group.next();
    this.connections = new GrpcConnection[workload.proxies()];
    this.channels = new Channel[workload.proxies()];
    this.arrivals = new long[workload.proxies()];
    this.responses = new int[workload.proxies()];
  }

  // What commands call, on a thread of theirs.

  /** Connects all proxies, which hold nothing yet; returns when the last is configured. */
  long connect(int toPort) {
    long start = System.nanoTime();
    return await(() -> begin(toPort, false)) - start;
  }

  /** Connects all proxies, which hold what they held; returns when the last has subscribed. */
  long reconnect(int toPort) {
    disconnect();
    long start = System.nanoTime();
    return await(() -> begin(toPort, true)) - start;
  }

  private CompletableFuture<Long> begin(int toPort, boolean returning) {
    port = toPort;
    isReturning = returning;
    held = returning ? held : new Held();
    started = 0;
    done = 0;
    bytes = 0;
    messagesReceived = 0;
    awaited = new CompletableFuture<>();
    for (int i = 0; i < window; i++) {
      connectNext();
    }
    return awaited;
  }

  /** Forgets what arrived, and looks out for {@code change}. */
  void expect(int change) {
    await(
        () -> {
          expected = change;
          arrived = 0;
          Arrays.fill(arrivals, 0);
          Arrays.fill(responses, 0);
          awaited = new CompletableFuture<>();
          return CompletableFuture.completedFuture(0L);
        });
  }

  /** Waits until every proxy has the expected change; gives the times of arrival, sorted. */
  long[] arrivals() {
    await(() -> awaited);
    long[] sorted = arrivals.clone(); // No proxy's own entry changes after its arrival.
    Arrays.sort(sorted);
    return sorted;
  }

  /** How many endpoint responses each proxy got since the last {@link #expect}. */
  int[] responses() {
    CompletableFuture<int[]> copy = new CompletableFuture<>();
    loop.execute(() -> copy.complete(responses.clone()));
    return copy.join();
  }

  /** Waits until nothing arrived for {@code quietNanos}. */
  void awaitQuiet(long quietNanos) throws InterruptedException {
    long left = quietNanos;
    while (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
      left =
          await(() -> CompletableFuture.completedFuture(lastReceived))
              + quietNanos
              - System.nanoTime();
    }
  }

  /** The bytes of resources that arrived since the last connecting began. */
  long bytes() {
    return await(() -> CompletableFuture.completedFuture(bytes));
  }

  /** The messages that arrived since the last connecting began. */
  long messagesReceived() {
    return await(() -> CompletableFuture.completedFuture(messagesReceived));
  }

  /** Closes every connection, as proxies that are killed do, and waits until they are closed. */
  void disconnect() {
    await(
        () -> {
          isStopping = true;
          for (GrpcConnection connection : connections) {
            connection.close();
          }
          return CompletableFuture.completedFuture(0L);
        });
    for (Channel channel : channels) {
      channel.closeFuture().awaitUninterruptibly();
    }
    isStopping = false;
  }

  /** From here on the server may end the streams. */
  void stopping() {
    isStopping = true;
  }

  private long await(Callable<CompletableFuture<Long>> on) {
    CompletableFuture<Long> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            on.call()
                .whenComplete(
                    (value, failure) -> {
                      if (failure == null) {
                        result.complete(value);
                      } else {
                        result.completeExceptionally(failure);
                      }
                    });
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "after %d s %d of %d proxies are configured and %d have the change"
              .formatted(LIMIT_SECONDS, done, workload.proxies(), arrived),
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  // What proxies call, on the event loop.

  private void connectNext() {
    if (started >= workload.proxies()) {
      return;
    }
    int number = started++;
    GrpcConnection connection =
        new GrpcConnection(new Proxy(this, number), workload.variant().path(), workload.tls());
    connections[number] = connection;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    tls.ifPresent(
                        context ->
                            channel
                                .pipeline()
                                .addLast(context.newHandler(channel.alloc(), "localhost", port)));
                    channel.pipeline().addLast(connection);
                  }
                });
    if (workload.proxies() > PER_ADDRESS) {
      bootstrap.localAddress("127.0.0." + (2 + number / PER_ADDRESS), 0);
    }
    ChannelFuture connecting =
        bootstrap.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channels[number] = connecting.channel();
    connecting.addListener(
        outcome -> {
          if (!outcome.isSuccess()) {
            lost(number, String.valueOf(outcome.cause()));
          }
        });
  }

  /** A proxy that comes back has sent its requests. */
  void returned() {
    finished();
  }

  /** A proxy has all clusters and their endpoints. */
  void configured() {
    finished();
  }

  private void finished() {
    done++;
    if (done == workload.proxies()) {
      awaited.complete(System.nanoTime());
    } else {
      connectNext();
    }
  }

  void received(int number, ResponseScan response, long now) {
    bytes += response.bytes();
    messagesReceived++;
    lastReceived = now;
    if (!response.isEndpoints()) {
      return;
    }
    responses[number]++;
    if (response.change() >= expected && arrivals[number] == 0) {
      arrivals[number] = now;
      arrived++;
      if (arrived == workload.proxies()) {
        awaited.complete(now);
      }
    }
  }

  void lost(int number, String reason) {
    if (!isStopping) {
      awaited.completeExceptionally(new IllegalStateException("proxy " + number + ": " + reason));
    }
  }

  boolean isReturning() {
    return isReturning;
  }

  int clusters() {
    return workload.clusters();
  }

  XdsMessages messages() {
    return messages;
  }

  ResponseScan scan() {
    return scan;
  }

  Held held() {
    return held;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
