package dev.sluice.server.xds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * For how long each connected proxy has not acknowledged what it is to have.
 *
 * @param behindNanos one for each proxy, 0 where it has acknowledged all
 */
public record Lags(List<Long> behindNanos) {
  public Lags {
    behindNanos = List.copyOf(behindNanos);
  }

  /** The streams of one type that come from one node count as one proxy. */
  static Lags of(Collection<ProxyLag> streams) {
    List<Long> all = new ArrayList<>();
    Map<String, Long> ofOneType = new HashMap<>();
    for (ProxyLag stream : streams) {
      if (stream.ofOneType()) {
        ofOneType.merge(stream.id(), stream.behindNanos(), Math::max);
      } else {
        all.add(stream.behindNanos());
      }
    }
    all.addAll(ofOneType.values());
    return new Lags(all);
  }

  /** How many proxies are connected. */
  public int proxies() {
    return behindNanos.size();
  }

  /** How many have been behind for longer than that. */
  public long longerThan(Duration time) {
    return behindNanos.stream().filter(behind -> behind > time.toNanos()).count();
  }
}
