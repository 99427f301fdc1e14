package dev.sluice.server.conditions;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.source.kubernetes.Observed;
import dev.sluice.server.status.DocumentProgress.Count;
import dev.sluice.server.status.ProgressLooks;
import dev.sluice.server.status.ProgressLooks.Look;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Split;
import dev.sluice.spec.TrafficPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects how the documents of a cluster stand, from the stages that know; of one thread.
 *
 * <p>What was just read is on its way to the streams for a moment, in which these know only what
 * was before and have acknowledged all of it. So nothing is said of an edition by a look at the
 * proxies that came before it had time to arrive there.
 */
public final class Standings {
  private static final long ON_ITS_WAY_NANOS = Duration.ofMillis(500).toNanos();

  private final Supplier<SortedMap<DocumentKey, Observed>> observed;
  private final String cluster;
  private final Pipeline pipeline;
  private final XdsServer xds;
  private final ProgressLooks looks;

  /** Since when it is known what became of the edition that each document has. */
  private final Map<DocumentKey, Judged> judged = new HashMap<>();

  private record Judged(String edition, long since) {}

  /**
   * Standings of a cluster's documents.
   *
   * @param cluster how the cluster is called
   * @param observed the documents as the cluster has them
   * @param pipeline what became of them
   * @param xds what proxies refused of them, and what comes to some proxies first
   * @param looks what proxies have of them
   */
  public Standings(
      String cluster,
      Supplier<SortedMap<DocumentKey, Observed>> observed,
      Pipeline pipeline,
      XdsServer xds,
      ProgressLooks looks) {
    this.cluster = cluster;
    this.observed = observed;
    this.pipeline = pipeline;
    this.xds = xds;
    this.looks = looks;
  }

  /**
   * Each document; of one of which it is not known by now what became of it, that it is on its way.
   *
   * @param now in the time of {@link System#nanoTime}
   */
  SortedMap<DocumentKey, Standing> current(long now) {
    SortedMap<DocumentKey, Standing> standings = new TreeMap<>();
    if (!pipeline.isSynced()) {
      return standings;
    }
    SortedMap<DocumentKey, Observed> all = observed.get();
    judged.keySet().retainAll(all.keySet());
    Known known = known();
    all.forEach(
        (key, seen) -> {
          Standing standing = standing(key, seen, known);
          boolean settled =
              Problem.anyError(standing.problems())
                  || (isJudged(key, seen, known) && hasArrived(key, standing, known, now));
          standings.put(key, settled ? standing : standing.onItsWay());
        });
    return standings;
  }

  /** Whether anything can be known by now. */
  boolean isSynced() {
    return pipeline.isSynced();
  }

  /** What the stages know at one moment. */
  private record Known(
      Documents inForce,
      SortedMap<DocumentKey, PolicyStatus> policies,
      Map<String, List<Problem>> warnings,
      List<Quarantined> quarantine,
      List<ConfigCanary> canaries,
      Look look) {}

  private Known known() {
    return new Known(
        pipeline.documents(),
        pipeline.statuses(),
        pipeline.problems().stream().collect(Collectors.groupingBy(one -> one.location().file())),
        xds.quarantined(),
        xds.canaries(),
        looks.look());
  }

  private Standing standing(DocumentKey key, Observed seen, Known known) {
    Optional<Document> document = known.inForce().document(key);
    Optional<Problem> hidden = document.flatMap(it -> hidden(key, it));
    return new Standing(
        seen.uid(),
        seen.generation(),
        Stream.concat(seen.problems().stream(), hidden.stream()).toList(),
        Problem.anyError(seen.problems())
            ? Optional.empty()
            : Optional.ofNullable(known.policies().get(key)),
        missing(document, known.warnings()),
        document.map(Standings::split).orElse(""),
        tally(key, Tally.edition(seen.uid(), seen.generation()), known));
  }

  private static Tally tally(DocumentKey key, String edition, Known known) {
    Count count = known.look().progress().of(key);
    return new Tally(
        edition,
        count.acknowledged(),
        count.concerned(),
        refused(key, known.quarantine()),
        spreading(key, known.canaries()));
  }

  /** Whether the look at the proxies came after the streams had this edition. */
  private boolean hasArrived(DocumentKey key, Standing standing, Known known, long now) {
    String edition = standing.tally().edition();
    Judged since = judged.get(key);
    if (since == null || !since.edition().equals(edition)) {
      since = new Judged(edition, now);
      judged.put(key, since);
    }
    return known.look().at() - since.since() >= ON_ITS_WAY_NANOS;
  }

  /** Whether what is known is about the very edition that the cluster has. */
  private static boolean isJudged(DocumentKey key, Observed seen, Known known) {
    Optional<Document> document = known.inForce().document(key);
    PolicyStatus policy = known.policies().get(key);
    boolean aside = policy != null && !policy.accepted();
    return aside
        || document.filter(it -> it.origin().generation() == seen.generation()).isPresent();
  }

  private static List<Problem> missing(
      Optional<Document> document, Map<String, List<Problem>> warnings) {
    return document
        .map(it -> warnings.getOrDefault(it.origin().start().file(), List.of()))
        .orElse(List.of())
        .stream()
        .filter(one -> one.path().endsWith("ecret"))
        .toList();
  }

  private static List<String> refused(DocumentKey key, List<Quarantined> quarantine) {
    return quarantine.stream()
        .filter(one -> isOf(key, one.documents()))
        .map(one -> one.proxy() + " refused " + one.name() + ": " + one.message())
        .toList();
  }

  private static @Nullable String spreading(DocumentKey key, List<ConfigCanary> canaries) {
    return canaries.stream()
        .filter(one -> isOf(key, one.documents()))
        .map(
            one ->
                "%d of %d proxies of %s have acknowledged the newest of it"
                        .formatted(one.accepted(), one.concerned(), one.group().service())
                    + one.halted().map(why -> "; it goes no further: " + why).orElse(""))
        .findFirst()
        .orElse(null);
  }

  /** The one in force is another source's. */
  private Optional<Problem> hidden(DocumentKey key, Document inForce) {
    Location file = inForce.origin().start();
    return file.file().startsWith("kubernetes/" + cluster + "/")
        ? Optional.empty()
        : Optional.of(
            Problem.error(file, "$", key + " is hidden by " + file + "; keep one of the two"));
  }

  private static boolean isOf(DocumentKey key, List<String> documents) {
    return documents.stream().anyMatch(one -> one.startsWith(key + " ("));
  }

  private static String split(Document document) {
    if (document.kind() != Kind.TRAFFIC_POLICY) {
      return "";
    }
    Split split = ((TrafficPolicy) document).spec().split();
    return split == null
        ? ""
        : split.weights().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(","));
  }
}
