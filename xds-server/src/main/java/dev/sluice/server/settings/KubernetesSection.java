package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Problem;
import dev.sluice.server.settings.KubernetesSettings.StatusWriting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code sources.kubernetes}. */
final class KubernetesSection {
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private KubernetesSection() {}

  /** The clusters that the section names. */
  static List<KubernetesSettings> clusters(List<SluiceYaml.Kubernetes> clusters, Path file) {
    return clusters.stream().map(one -> cluster(one, file)).toList();
  }

  private static KubernetesSettings cluster(SluiceYaml.Kubernetes cluster, Path file) {
    return new KubernetesSettings(
        Objects.requireNonNullElse(cluster.name(), KubernetesSettings.DEFAULT_NAME),
        cluster.kubeconfig() == null ? null : file.resolveSibling(cluster.kubeconfig()),
        cluster.context(),
        cluster.namespaces(),
        Optional.ofNullable(cluster.labelSelector()),
        Objects.requireNonNullElse(cluster.holdEmpty(), KubernetesSettings.DEFAULT_HOLD_EMPTY),
        Boolean.FALSE.equals(cluster.status()) ? StatusWriting.OFF : StatusWriting.ON,
        Optional.ofNullable(cluster.leaseNamespace()));
  }

  /** What is wrong with values that could be read. */
  static List<Problem> problems(List<KubernetesSettings> clusters, Bound<?> bound) {
    List<Problem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    boolean counted = bound.lost().stream().noneMatch(lost -> lost.startsWith("$.sources.kube"));
    for (int i = 0; counted && i < clusters.size(); i++) {
      KubernetesSettings cluster = clusters.get(i);
      String at = "$.sources.kubernetes[" + i + "].";
      if (!DNS_LABEL.matcher(cluster.name()).matches()) {
        problems.add(
            at(
                bound,
                at + "name",
                "\"%s\" is no DNS label; write lower-case letters, digits and dashes"
                    .formatted(cluster.name())));
      } else if (!names.add(cluster.name())) {
        problems.add(
            at(
                bound,
                at + "name",
                "another cluster is called %s already; give each a name of its own"
                    .formatted(cluster.name())));
      }
      Path kubeconfig = cluster.kubeconfig();
      if (kubeconfig != null && !Files.isRegularFile(kubeconfig)) {
        problems.add(at(bound, at + "kubeconfig", kubeconfig + " is no file; write it first"));
      }
      if (cluster.holdEmpty().isNegative()) {
        problems.add(at(bound, at + "holdEmpty", "is negative; write 0s not to hold anything"));
      }
    }
    return problems;
  }

  private static Problem at(Bound<?> bound, String path, String message) {
    return Problem.error(bound.origin().at(path), path, message);
  }
}
