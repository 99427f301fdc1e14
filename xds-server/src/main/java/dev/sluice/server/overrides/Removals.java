package dev.sluice.server.overrides;

import dev.sluice.server.overrides.OverrideStore.Removal;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.overrides.Turns.Turn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Documents that are to be removed, each with the store that it is in. */
final class Removals {
  private final Map<Held, OverrideStore> wanted;
  private final List<Held> removed = new ArrayList<>();
  private final List<Held> gone = new ArrayList<>();

  private Removals(Map<Held, OverrideStore> wanted) {
    this.wanted = wanted;
  }

  /**
   * Finds their stores.
   *
   * @throws RefusedException when one is where nothing is written; then none is removed
   */
  static Removals of(List<Held> drains, Collection<OverrideStore> writable) {
    Map<Held, OverrideStore> wanted = new LinkedHashMap<>();
    for (Held drain : drains) {
      wanted.put(
          drain,
          writable.stream()
              .filter(it -> drain.source().filter(it.source()::equals).isPresent())
              .findFirst()
              .orElseThrow(() -> unwritable(drain)));
    }
    return new Removals(wanted);
  }

  private static RefusedException unwritable(Held drain) {
    return new RefusedException(
        Why.STORE,
        "%s is where this server does not write; remove it by hand: %s"
            .formatted(drain.key(), drain.place()));
  }

  /**
   * Removes them, one after the other.
   *
   * @param told is told of each that was there
   * @throws RefusedException when one stays; it names those that were removed before
   */
  void remove(Turn turn, Consumer<Held> told) {
    wanted.forEach(
        (drain, store) -> {
          try {
            turn.refuseLate();
            if (store.remove(drain.document()) == Removal.REMOVED) {
              removed.add(drain);
              told.accept(drain);
            } else {
              gone.add(drain);
            }
          } catch (RefusedException e) {
            throw removed.isEmpty() ? e : half(e);
          }
        });
  }

  private RefusedException half(RefusedException e) {
    return new RefusedException(
        e.why(),
        "%s; removed before that: %s"
            .formatted(
                e.getMessage(),
                removed.stream()
                    .map(it -> it.key() + " in " + it.place())
                    .collect(Collectors.joining(", "))));
  }

  /** Whether somebody else had removed it already. */
  boolean isGone(Held drain) {
    return gone.contains(drain);
  }
}
