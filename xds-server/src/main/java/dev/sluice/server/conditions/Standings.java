package dev.sluice.server.conditions;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.source.Observed;
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
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.TrafficPolicySpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects how the documents of a source stand, from the stages that know; of one thread.
 *
 * <p>What was just read is on its way to the streams for a moment, in which these know only what
 * was before and have acknowledged all of it. So nothing is said of an edition by a look at the
 * proxies that came before it had time to arrive there.
 */
public final class Standings {
  private static final long ON_ITS_WAY_NANOS = Duration.ofMillis(500).toNanos();

  private static final String ASIDE = "this edition is set aside; what held before stays in force";

  private final Supplier<SortedMap<String, Observed>> observed;
  private final Pipeline pipeline;
  private final XdsServer xds;
  private final ProgressLooks looks;
  private final RolloutTalk talk;

  /** Since when it is known what became of the edition that each document has. */
  private final Map<String, Judged> judged = new HashMap<>();

  private record Judged(String edition, String file, long since) {}

  /**
   * Standings of a source's documents.
   *
   * @param observed the places as the source has them, by their names
   * @param pipeline what became of the documents
   * @param xds what proxies refused of them, and what comes to some proxies first
   * @param looks what proxies have of them
   * @param talk what is to be said of their rollouts
   */
  public Standings(
      Supplier<SortedMap<String, Observed>> observed,
      Pipeline pipeline,
      XdsServer xds,
      ProgressLooks looks,
      RolloutTalk talk) {
    this.observed = observed;
    this.pipeline = pipeline;
    this.xds = xds;
    this.looks = looks;
    this.talk = talk;
  }

  /**
   * Each place by its name; of a document of which it is not known by now what became of it, that
   * it is on its way.
   *
   * @param now in the time of {@link System#nanoTime}
   */
  SortedMap<String, PlaceStanding> current(long now) {
    SortedMap<String, PlaceStanding> standings = new TreeMap<>();
    if (!pipeline.isSynced()) {
      return standings;
    }
    Set<String> all = new HashSet<>();
    Known known = known();
    observed
        .get()
        .forEach(
            (place, seen) -> {
              SortedMap<DocumentKey, Standing> documents = new TreeMap<>();
              seen.documents()
                  .forEach(
                      (key, problems) -> {
                        String name = PlaceStanding.document(place, key);
                        all.add(name);
                        Standing one = standing(key, seen, problems, known);
                        boolean settled =
                            Problem.anyError(problems)
                                || (isJudged(key, seen, known)
                                    && hasArrived(name, key, one, known, now));
                        documents.put(key, settled ? one : one.onItsWay());
                      });
              standings.put(place, new PlaceStanding(place, seen, documents));
            });
    judged.keySet().retainAll(all);
    return standings;
  }

  /** Whether anything can be known by now. */
  boolean isSynced() {
    return pipeline.isSynced();
  }

  /**
   * What the stages know at one moment.
   *
   * @param told the documents of which all the rest speaks, or of newer ones
   */
  private record Known(
      Documents told,
      Documents inForce,
      SortedMap<DocumentKey, PolicyStatus> policies,
      Map<String, List<Problem>> warnings,
      List<Quarantined> quarantine,
      List<ConfigCanary> canaries,
      Look look) {}

  private Known known() {
    return new Known(
        pipeline.judged(), // First: what is asked afterwards is as new as this, or newer.
        pipeline.documents(),
        pipeline.statuses(),
        pipeline.problems().stream().collect(Collectors.groupingBy(one -> one.location().file())),
        xds.quarantined(),
        xds.canaries(),
        looks.look());
  }

  private Standing standing(DocumentKey key, Observed seen, List<Problem> wrong, Known known) {
    Optional<Document> document = known.inForce().document(key);
    Optional<Document> told = known.told().document(key);
    List<Problem> warnings = told.map(it -> warnings(it, known.warnings())).orElse(List.of());
    return new Standing(
        seen.uid(),
        seen.generation(),
        Stream.of(
                wrong.stream(),
                told.flatMap(it -> hidden(key, seen, it)).stream(),
                warnings.stream().filter(one -> one.path().equals("$.spec.expiresIn")))
            .flatMap(problems -> problems)
            .toList(),
        Problem.anyError(wrong) ? Optional.empty() : Optional.ofNullable(known.policies().get(key)),
        warnings.stream().filter(one -> one.path().endsWith("ecret")).toList(),
        document.map(Standings::split).orElse(""),
        talk.condition(key),
        tally(key, seen, known));
  }

  private static Tally tally(DocumentKey key, Observed seen, Known known) {
    Count count = known.look().progress().of(key);
    boolean former =
        known
            .inForce()
            .document(key)
            .filter(it -> it.origin().generation() != seen.generation())
            .isPresent();
    String spreading = spreading(key, known.canaries());
    return new Tally(
        Tally.edition(seen.uid(), seen.generation()),
        count.acknowledged(),
        count.concerned(),
        refused(key, known.quarantine()),
        spreading == null && former ? ASIDE : spreading);
  }

  /** Whether the look at the proxies came after the streams had this edition. */
  private boolean hasArrived(
      String name, DocumentKey key, Standing standing, Known known, long now) {
    String edition = standing.tally().edition();
    String file = known.told().document(key).map(Standings::file).orElse("");
    Judged since = judged.get(name);
    if (since == null || !since.edition().equals(edition) || !since.file().equals(file)) {
      since = new Judged(edition, file, now);
      judged.put(name, since);
    }
    return known.look().at() - since.since() >= ON_ITS_WAY_NANOS;
  }

  /**
   * Whether what is known is about the very edition that the source has, or about another source's
   * or place's document, which hides it.
   */
  private static boolean isJudged(DocumentKey key, Observed seen, Known known) {
    return known
        .told()
        .document(key)
        .filter(
            it -> !file(it).equals(seen.file()) || it.origin().generation() == seen.generation())
        .isPresent();
  }

  /** What is to be known about a document that is right by itself. */
  private static List<Problem> warnings(Document document, Map<String, List<Problem>> all) {
    return all.getOrDefault(file(document), List.of()).stream()
        .filter(one -> one.location().equals(document.origin().at(one.path())))
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

  /** The one that counts stands elsewhere. */
  private static Optional<Problem> hidden(DocumentKey key, Observed seen, Document told) {
    Location file = Location.ofFile(file(told));
    return file.file().equals(seen.file())
        ? Optional.empty()
        : Optional.of(
            Problem.error(file, "$", key + " is hidden by " + file + "; keep one of the two"));
  }

  private static String file(Document document) {
    return document.origin().start().file();
  }

  private static boolean isOf(DocumentKey key, List<String> documents) {
    return documents.stream().anyMatch(one -> one.startsWith(key + " ("));
  }

  private static String split(Document document) {
    if (document.kind() != Kind.TRAFFIC_POLICY) {
      return "";
    }
    TrafficPolicySpec spec = ((TrafficPolicy) document).spec();
    if (spec.rollout() != null) {
      return spec.rollout().inAWord();
    }
    return spec.split() == null
        ? ""
        : spec.split().weights().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(","));
  }
}
