package dev.sluice.server.source.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a kind that the source watches: those of the whole cluster, or of each of some
 * namespaces.
 *
 * @param <F> what is kept of each object
 */
final class Watched<F> {
  private final String what;
  private final List<Watch<?, F>> watches = new ArrayList<>();

  /**
   * How the objects of one namespace, or of all (null), are watched.
   *
   * @param <F> what is kept of each object
   */
  interface Opening<F> extends BiFunction<Watched<F>, @Nullable String, Watch<?, F>> {}

  private Watched(String what) {
    this.what = what;
  }

  /**
   * Begins to watch.
   *
   * @param what the plural with its group, as in permissions: {@code
   *     endpointslices.discovery.k8s.io}
   * @param namespaces none for all
   */
  static <F> Watched<F> start(String what, List<String> namespaces, Opening<F> opening) {
    Watched<F> watched = new Watched<>(what);
    if (namespaces.isEmpty()) {
      watched.watches.add(opening.apply(watched, null));
    }
    namespaces.forEach(one -> watched.watches.add(opening.apply(watched, one)));
    watched.watches.forEach(Watch::start);
    return watched;
  }

  /** The plural with its group. */
  String what() {
    return what;
  }

  /** The facts of an object; null where there is none. */
  @Nullable F facts(String key) {
    for (Watch<?, F> watch : watches) {
      F facts = watch.facts(key);
      if (facts != null) {
        return facts;
      }
    }
    return null;
  }

  /** The keys of all objects. */
  Set<String> keys() {
    return watches.stream().flatMap(Watch::keys).collect(Collectors.toSet());
  }

  /** Whether each was listed once, so that what is not known is not there. */
  boolean isListed() {
    return watches.stream().allMatch(Watch::isListed);
  }

  /** Whether changes come in. */
  boolean isLive() {
    return watches.stream().allMatch(Watch::isLive);
  }

  /** Why something can be neither listed nor watched, as the last try showed, if so. */
  Optional<Failure> failure() {
    return watches.stream().map(Watch::failure).flatMap(Optional::stream).findFirst();
  }

  /** Asks the API server for one object, where changes do not come in; gives why it gives none. */
  Optional<Failure> refusal() {
    return watches.stream()
        .filter(watch -> !watch.isLive())
        .flatMap(watch -> watch.refusal().stream())
        .findFirst();
  }

  /** Looks after watches that say nothing. */
  void check(long now) {
    watches.forEach(watch -> watch.check(now));
  }

  void close() {
    watches.forEach(Watch::close);
  }

  @Override
  public String toString() {
    return what;
  }
}
