package dev.sluice.e2e;

import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A rate-limit service: it reads the configuration of {@code github.com/envoyproxy/ratelimit},
 * looks limits up as that does, and counts in windows of a clock that stands still until it is told
 * otherwise. It can be told to answer nothing.
 */
public final class RateLimiter implements AutoCloseable {
  private final Server server;
  private final AtomicInteger asked = new AtomicInteger();
  private final Map<String, Integer> counts = new HashMap<>();
  private Instant now = Instant.EPOCH;
  private volatile Map<String, RateLimitTree> domains = Map.of();
  private volatile boolean silent;

  private RateLimiter() {
    server = GrpcServer.start(new Decisions());
  }

  /** Starts one that knows no limits. */
  public static RateLimiter start() {
    return new RateLimiter();
  }

  public int port() {
    return server.getPort();
  }

  /** Has the limits of these files, in YAML, and no others; counts go on. */
  public RateLimiter configure(Collection<String> files) {
    Map<String, RateLimitTree> read = new HashMap<>();
    for (String file : files) {
      RateLimitTree tree = RateLimitTree.read(file);
      if (read.putIfAbsent(tree.domain(), tree) != null) {
        throw new IllegalArgumentException("the domain " + tree.domain() + " has two files");
      }
    }
    domains = read;
    return this;
  }

  /** Lets time pass. */
  public void advance(Duration time) {
    synchronized (counts) {
      now = now.plus(time);
    }
  }

  /** How many requests it was asked about. */
  public int asked() {
    return asked.get();
  }

  /** Answers nothing from now on. */
  public void beSilent() {
    silent = true;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Decisions extends RateLimitServiceGrpc.RateLimitServiceImplBase {
    @Override
    public void shouldRateLimit(
        RateLimitRequest request, StreamObserver<RateLimitResponse> answer) {
      asked.incrementAndGet();
      if (silent) {
        return;
      }
      RateLimitResponse.Builder response = RateLimitResponse.newBuilder();
      Code overall = Code.OK;
      for (RateLimitDescriptor descriptor : request.getDescriptorsList()) {
        Code code = code(request.getDomain(), descriptor);
        response.addStatusesBuilder().setCode(code);
        overall = code == Code.OVER_LIMIT ? code : overall;
      }
      answer.onNext(response.setOverallCode(overall).build());
      answer.onCompleted();
    }
  }

  /** All that are under one limit are counted, those beyond it too. */
  private Code code(String domain, RateLimitDescriptor descriptor) {
    RateLimitTree tree = domains.get(domain);
    Optional<RateLimitTree.Limit> limit =
        tree == null ? Optional.empty() : tree.limit(descriptor.getEntriesList());
    if (limit.isEmpty()) {
      return Code.OK;
    }
    synchronized (counts) {
      long window = now.getEpochSecond() / limit.get().window().toSeconds();
      String key = domain + " " + descriptor.getEntriesList() + " " + limit.get().window() + window;
      int count = counts.merge(key, 1, Integer::sum);
      return count > limit.get().requests() ? Code.OVER_LIMIT : Code.OK;
    }
  }
}
