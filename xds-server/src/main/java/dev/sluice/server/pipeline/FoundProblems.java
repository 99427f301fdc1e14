package dev.sluice.server.pipeline;

import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.secret.Secrets;
import dev.sluice.server.catalog.Change;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.translate.ClientKind;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is found wrong while changes are applied, besides what becomes of each policy. The writer's
 * thread notes it, and logs what is new; any thread reads it.
 */
final class FoundProblems {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  private volatile List<Problem> missingSecrets = List.of();
  private volatile TreePMap<ServiceId, List<Problem>> services = TreePMap.empty();
  private volatile List<Problem> groups = List.of();

  /** All of them, in no order. */
  Stream<Problem> all() {
    return Stream.of(
            services.values().stream().flatMap(List::stream),
            missingSecrets.stream(),
            groups.stream())
        .flatMap(each -> each);
  }

  /** Notes which secrets documents name that there are not. */
  void noteMissingSecrets(Documents wanted, Secrets secrets) {
    List<Problem> before = missingSecrets;
    missingSecrets = MissingSecrets.problems(wanted, secrets);
    logNew(missingSecrets, before);
  }

  /** Notes what is wrong with these services as they are translated. */
  void noteServices(Set<ServiceId> touched, Translations translations) {
    for (ServiceId id : touched) {
      List<Problem> found = translations.problems(id, ClientKind.ENVOY);
      services = found.isEmpty() ? services.minus(id) : services.plus(id, found);
    }
  }

  /** What is wrong with each service, to come back to. */
  TreePMap<ServiceId, List<Problem>> ofServices() {
    return services;
  }

  /** Has what was wrong with each service be what is. */
  void backTo(TreePMap<ServiceId, List<Problem>> before) {
    services = before;
  }

  /** Notes what could not be built for the groups there are, and logs what is new of it. */
  void noteGroups(GroupViews views) {
    List<Problem> before = groups;
    groups = views.problems();
    logNew(groups, before);
  }

  private static void logNew(List<Problem> problems, List<Problem> before) {
    problems.stream()
        .filter(problem -> !before.contains(problem))
        .forEach(problem -> LOG.warn("{}", problem));
  }

  /** Says once, in the log, what cannot be applied of the documents that changed. */
  static void log(Change change, Attached after) {
    log(after.statuses(), change.documents().changed());
  }

  static void log(SortedMap<DocumentKey, PolicyStatus> statuses, Set<DocumentKey> changed) {
    for (DocumentKey key : changed) {
      PolicyStatus status = statuses.get(key);
      if (status != null) {
        status.problems().forEach(problem -> LOG.warn("{}", problem));
      }
    }
  }
}
