package dev.sluice.server.source.kubernetes;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.server.source.CertificateLife;
import dev.sluice.server.source.SecretTexts;
import dev.sluice.server.source.SecretTexts.UnusableException;
import dev.sluice.server.source.kubernetes.Touched.Batch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The secrets that the cluster's documents name, each with a watch of its own: nothing else is
 * read, and the permission need not be wider. Of the source's thread.
 */
final class ClusterSecrets {
  private final String cluster;
  private final Function<SecretId, Watched<SecretTexts>> opening;
  private final SortedMap<SecretId, Watched<SecretTexts>> watches = new TreeMap<>();
  private final Map<SecretId, TlsSecret> told = new HashMap<>();
  private final SortedMap<SecretId, String> wrong = new TreeMap<>();

  ClusterSecrets(String cluster, Function<SecretId, Watched<SecretTexts>> opening) {
    this.cluster = cluster;
    this.opening = opening;
  }

  /**
   * Watches these secrets and no others.
   *
   * @return those that were told and are named no more
   */
  Set<SecretId> want(Set<SecretId> named) {
    Set<SecretId> gone = new TreeSet<>();
    for (SecretId id : List.copyOf(watches.keySet())) {
      if (!named.contains(id)) {
        Objects.requireNonNull(watches.remove(id)).close();
        wrong.remove(id);
        if (told.remove(id) != null) {
          gone.add(id);
        }
      }
    }
    named.forEach(id -> watches.computeIfAbsent(id, opening));
    return gone;
  }

  /**
   * What became of the secrets that the batch concerns.
   *
   * @return each that is new, differs or is gone (empty); one that is wrong stays as it was
   */
  Map<SecretId, Optional<TlsSecret>> take(Batch batch, Instant now) {
    Map<SecretId, Optional<TlsSecret>> changed = new HashMap<>();
    watches.forEach(
        (id, watched) -> {
          if (!batch.all(watched).isEmpty()) {
            look(id, watched, now, changed);
          }
        });
    return changed;
  }

  private void look(
      SecretId id,
      Watched<SecretTexts> watched,
      Instant now,
      Map<SecretId, Optional<TlsSecret>> changed) {
    SecretTexts texts = watched.facts(id.toString());
    wrong.remove(id);
    if (texts == null) {
      if (told.remove(id) != null) {
        changed.put(id, Optional.empty());
      }
      return;
    }
    try {
      TlsSecret secret = CertificateLife.next(id, texts, Optional.ofNullable(told.get(id)), now);
      if (!secret.equals(told.put(id, secret))) {
        changed.put(id, Optional.of(secret));
      }
    } catch (UnusableException e) {
      wrong.put(id, String.valueOf(e.getMessage()));
    }
  }

  /** Those that were told. */
  Map<SecretId, TlsSecret> told() {
    return told;
  }

  /** Has all of them looked at once more. */
  void lookAgain(ClusterWatches all) {
    watches.forEach((id, watched) -> all.lookAgain(watched, List.of(id.toString())));
  }

  /** Whether each was looked for: what is not known is not there, or may not be read. */
  boolean isListed() {
    return watches.values().stream()
        .allMatch(
            watch -> watch.isListed() || watch.failure().filter(Failure::isForbidden).isPresent());
  }

  /** The watches. */
  List<Watched<?>> watches() {
    return List.copyOf(watches.values());
  }

  /** What is wrong with the secrets, or with reading them. */
  List<Problem> problems(Instant now) {
    List<Problem> problems = new ArrayList<>();
    wrong.forEach(
        (id, why) -> {
          String kept = told.containsKey(id) ? "; what was there before stays in use" : "";
          problems.add(Problem.error(place(id), "$", "the secret " + why + kept));
        });
    told.forEach(
        (id, secret) -> CertificateLife.problem(place(id), secret, now).ifPresent(problems::add));
    watches.forEach(
        (id, watch) ->
            watch
                .failure()
                .ifPresent(
                    failure -> problems.add(Problem.error(place(id), "$", failure.message()))));
    return problems;
  }

  private Location place(SecretId id) {
    return Location.ofFile(
        "kubernetes/%s/secrets/%s/%s".formatted(cluster, id.namespace(), id.name()));
  }

  void close() {
    watches.values().forEach(Watched::close);
  }
}
