package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Problem;
import dev.sluice.server.settings.KubernetesSettings.StatusWriting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** {@code sources.kubernetes}. */
final class KubernetesSection {
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
      SectionFindings findings = SectionFindings.at("$.sources.kubernetes", i, bound);
      if (findings.isDnsLabel("name", cluster.name()) && !names.add(cluster.name())) {
        findings.add(
            "name",
            "another cluster is called %s already; give each a name of its own"
                .formatted(cluster.name()));
      }
      findings.file("kubeconfig", cluster.kubeconfig());
      if (cluster.holdEmpty().isNegative()) {
        findings.add("holdEmpty", "is negative; write 0s not to hold anything");
      }
      problems.addAll(findings.problems());
    }
    return problems;
  }
}
