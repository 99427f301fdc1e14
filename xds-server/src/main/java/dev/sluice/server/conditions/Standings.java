package dev.sluice.server.conditions;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.source.kubernetes.Observed;
import dev.sluice.server.status.DocumentProgress;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Split;
import dev.sluice.spec.TrafficPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects how the documents of a cluster stand, from the stages that know. */
public final class Standings {
  private final Supplier<SortedMap<DocumentKey, Observed>> observed;
  private final String cluster;
  private final Pipeline pipeline;
  private final XdsServer xds;

  /**
   * Standings of a cluster's documents.
   *
   * @param cluster how the cluster is called
   * @param observed the documents as the cluster has them
   * @param pipeline what became of them
   * @param xds what proxies have of them
   */
  public Standings(
      String cluster,
      Supplier<SortedMap<DocumentKey, Observed>> observed,
      Pipeline pipeline,
      XdsServer xds) {
    this.cluster = cluster;
    this.observed = observed;
    this.pipeline = pipeline;
    this.xds = xds;
  }

  /** Each document of which it is known by now what became of it. */
  SortedMap<DocumentKey, Standing> current() {
    SortedMap<DocumentKey, Standing> standings = new TreeMap<>();
    if (!pipeline.isSynced()) {
      return standings;
    }
    SortedMap<DocumentKey, PolicyStatus> policies = pipeline.statuses();
    Documents inForce = pipeline.documents();
    DocumentProgress progress = DocumentProgress.of(xds.proxies());
    List<Quarantined> quarantine = xds.quarantined();
    List<ConfigCanary> canaries = xds.canaries();
    Map<String, List<Problem>> warnings =
        pipeline.problems().stream().collect(Collectors.groupingBy(one -> one.location().file()));
    observed
        .get()
        .forEach(
            (key, seen) -> {
              Optional<Document> document = inForce.document(key);
              Optional<Problem> hidden = document.flatMap(it -> hidden(key, it));
              Optional<PolicyStatus> policy = Optional.ofNullable(policies.get(key));
              if (hidden.isPresent() || isJudged(seen, document, policy)) {
                standings.put(
                    key,
                    new Standing(
                        seen.uid(),
                        seen.generation(),
                        Stream.concat(seen.problems().stream(), hidden.stream()).toList(),
                        Problem.anyError(seen.problems()) ? Optional.empty() : policy,
                        missing(document, warnings),
                        refused(key, quarantine),
                        spreading(key, canaries),
                        progress.of(key),
                        document.map(Standings::split).orElse("")));
              }
            });
    return standings;
  }

  /** Whether what is known is about the very edition that the cluster has. */
  private static boolean isJudged(
      Observed seen, Optional<Document> document, Optional<PolicyStatus> policy) {
    boolean taken =
        document.filter(it -> it.origin().generation() == seen.generation()).isPresent();
    boolean aside = policy.filter(it -> !it.accepted()).isPresent();
    return taken || aside || Problem.anyError(seen.problems());
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

  private static Optional<String> spreading(DocumentKey key, List<ConfigCanary> canaries) {
    return canaries.stream()
        .filter(one -> isOf(key, one.documents()))
        .map(
            one ->
                "%d of %d proxies of %s have acknowledged the newest of it"
                        .formatted(one.accepted(), one.concerned(), one.group().service())
                    + one.halted().map(why -> "; it goes no further: " + why).orElse(""))
        .findFirst();
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
