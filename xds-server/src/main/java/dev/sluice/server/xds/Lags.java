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
 * @param proxies each of them once
 */
public record Lags(List<ProxyLag> proxies) {
  public Lags {
    proxies = List.copyOf(proxies);
  }

  /** The streams of one type that come from one node count as one proxy. */
  static Lags of(Collection<ProxyLag> streams) {
    List<ProxyLag> all = new ArrayList<>();
    Map<String, ProxyLag> ofOneType = new HashMap<>();
    for (ProxyLag stream : streams) {
      if (stream.ofOneType()) {
        ofOneType.merge(stream.id(), stream, ProxyLag::and);
      } else {
        all.add(stream);
      }
    }
    all.addAll(ofOneType.values());
    return new Lags(all);
  }

  /** How many have been behind for longer than that. */
  public long longerThan(Duration time) {
    return proxies.stream().filter(one -> one.behindNanos() > time.toNanos()).count();
  }
}
