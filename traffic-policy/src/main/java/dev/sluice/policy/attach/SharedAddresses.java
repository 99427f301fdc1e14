package dev.sluice.policy.attach;

import dev.sluice.catalog.Health;
import dev.sluice.policy.attach.EffectiveBackend.Member;
import dev.sluice.spec.StaticAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Addresses that a policy's backends have several times, of which each counts once: Envoy would
 * silently keep the first of two equal ones.
 */
final class SharedAddresses {
  private final Map<StaticAddress, Holder> holders = new LinkedHashMap<>();
  private final Map<Pair, List<StaticAddress>> shared = new TreeMap<>();

  private SharedAddresses() {}

  /** What counts for an address. */
  private record Holder(int backend, Member member) {}

  /** Two backends with addresses that count for the first. */
  private record Pair(int first, int second) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int bySecond = Integer.compare(second, other.second);
      return bySecond != 0 ? bySecond : Integer.compare(first, other.first);
    }
  }

  /** Takes what is to be told of the backend in that place. */
  interface Report {
    void tell(int backend, String message);
  }

  /** The backends, each address at one of them: the first. */
  static List<EffectiveBackend> once(List<EffectiveBackend> backends, Report report) {
    SharedAddresses addresses = new SharedAddresses();
    for (int i = 0; i < backends.size(); i++) {
      for (Member member : backends.get(i).members()) {
        addresses.take(new Holder(i, member));
      }
    }
    addresses.shared.forEach(
        (pair, twice) -> report.tell(pair.second(), message(backends, pair, twice)));
    return addresses.left(backends);
  }

  /**
   * The readier of the two counts, and unless both are ready nobody need know: addresses are given
   * away again.
   */
  private void take(Holder holder) {
    StaticAddress address = holder.member().address();
    Holder former = holders.putIfAbsent(address, holder);
    if (former == null) {
      return;
    }
    Health before = former.member().health();
    Health now = holder.member().health();
    if (now.compareTo(before) < 0) {
      holders.put(address, holder);
    } else if (now == Health.HEALTHY && !isWritten(former, holder)) {
      shared
          .computeIfAbsent(new Pair(former.backend(), holder.backend()), _ -> new ArrayList<>())
          .add(address);
    }
  }

  /** Whether the document has both addresses, of which it was told when it was read. */
  private static boolean isWritten(Holder former, Holder later) {
    return former.member().source() == null && later.member().source() == null;
  }

  private static String message(
      List<EffectiveBackend> backends, Pair pair, List<StaticAddress> twice) {
    String more = twice.size() == 1 ? "" : " and " + (twice.size() - 1) + " more";
    String second = backends.get(pair.second()).name();
    return pair.first() == pair.second()
        ? "backend \"%s\" has %s%s twice; each counts once"
            .formatted(second, twice.getFirst(), more)
        : "backend \"%s\" has %s%s that backend \"%s\" has too; each counts once, for \"%s\""
            .formatted(
                second,
                twice.getFirst(),
                more,
                backends.get(pair.first()).name(),
                backends.get(pair.first()).name());
  }

  private List<EffectiveBackend> left(List<EffectiveBackend> backends) {
    List<List<Member>> members = new ArrayList<>();
    backends.forEach(_ -> members.add(new ArrayList<>()));
    holders.values().forEach(holder -> members.get(holder.backend()).add(holder.member()));
    List<EffectiveBackend> left = new ArrayList<>();
    for (int i = 0; i < backends.size(); i++) {
      EffectiveBackend backend = backends.get(i);
      left.add(new EffectiveBackend(backend.name(), backend.share(), members.get(i)));
    }
    return left;
  }
}
